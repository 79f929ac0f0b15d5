import type { MayaRequest } from '#e2e/simulator/maya/request.ts';
import type { World } from '../world/world.ts';
import type { MayaCall } from './kinds.ts';
import type { TokenRanks } from './token-ranks.ts';

/** A refresh and its one retry, and the same again after the client token was renewed. */
const SENDS_PER_LEASE = 3;

const RECORDED = `select 1 from payment_events where kind = ? and json_extract(data, '$.reference') = ?`;

/** What is wrong about a call at the moment it leaves, judged from the store as it is then; nothing if all is well. */
export function watchCall(
  world: World,
  ranks: TokenRanks,
  name: MayaCall,
  request: MayaRequest,
): string | undefined {
  const { database } = world;
  const reference = request.headers['request-reference-no'] ?? '';
  if (name === 'create' || name === 'execute') {
    if (!database.get(RECORDED, `${name}_attempt`, reference))
      return `write before send: ${name} ${reference} left before it was on record`;
  }
  if (name === 'tokens') {
    const { refreshToken } = JSON.parse(request.body) as { refreshToken: string };
    const used = ranks.ofRefresh(refreshToken);
    if (!used) return 'tokens: a refresh token was sent that Maya never gave';
    const guard = database.get<{ generation: number; holder: string | null }>(
      'select generation, holder from sim_refreshes where reference = ?',
      reference,
    );
    if (!guard) return `tokens: refresh ${reference} left before it was on record`;
    if (used.rank < guard.generation)
      return 'tokens: an old refresh token was sent after a newer one was saved';
    const sends = world.countOf(`refreshes of ${guard.holder}`);
    if (sends > SENDS_PER_LEASE) return `tokens: one lease sent ${sends} refreshes`;
    return undefined;
  }
  const access = request.headers['x-authorization'];
  const used = access === undefined ? undefined : ranks.ofAccess(access);
  if (!used?.family.row) return undefined;
  const saved = database.get<{ generation: number }>(
    'select generation from sessions where id = ?',
    used.family.row,
  );
  if (saved && used.rank > saved.generation) return 'tokens: a refreshed token was used before it was saved';
  return undefined;
}
