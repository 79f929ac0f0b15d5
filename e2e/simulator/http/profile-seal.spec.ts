import { compactDecrypt, exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { startForTest } from './fixture.ts';

const keyPair = async (alg: string, kid: string): Promise<{ open: JWK; secret: JWK }> => {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const named = async (key: CryptoKey) => ({ ...(await exportJWK(key)), alg, kid });
  return { open: await named(publicKey), secret: await named(privateKey) };
};

describe('the profile', () => {
  test.each([
    ['RSA-OAEP-256', 'RS256'],
    ['ECDH-ES+A256KW', 'ES256'],
  ])('is encrypted with %s and signed with %s', async (encryptionAlg, signingAlg) => {
    const [merchant, maya] = await Promise.all([
      keyPair(encryptionAlg, 'm-1'),
      keyPair(signingAlg, 'maya-1'),
    ]);
    const profile = { encryption: merchant.open, signing: maya.secret };
    await using sim = await startForTest({}, { profile });

    const answer = await sim.profile(sim.open('jose').accessToken);
    expect(answer.status).toBe(200);
    const { data } = (await answer.json()) as { data: string };
    const { plaintext, protectedHeader } = await compactDecrypt(data, await importJWK(merchant.secret));
    expect(protectedHeader).toMatchObject({ alg: encryptionAlg, enc: 'A256GCM', cty: 'JWT', kid: 'm-1' });
    const signed = await jwtVerify(plaintext, await importJWK(maya.open), { algorithms: [signingAlg] });
    expect(signed.protectedHeader.kid).toBe('maya-1');
    expect(signed.payload).toMatchObject({
      sub: 'maya-customer-jose',
      name: 'Jose Rizalino Cruz',
      kycStatus: 'VERIFIED',
    });
    expect(sim.kinds()).toEqual([]);
    expect(JSON.stringify(sim.maya.log())).not.toContain(data.slice(10, 80));
  });

  test('answers 403 without keys', async () => {
    await using sim = await startForTest();
    expect((await sim.profile(sim.open().accessToken)).status).toBe(403);
  });

  test('a key without alg stops the start', async () => {
    const { open, secret } = await keyPair('ES256', 'x');
    const { alg: _, ...signing } = secret;
    await expect(startForTest({}, { profile: { encryption: open, signing } })).rejects.toThrow('"alg"');
  });
});
