import type { DevSecrets } from './secrets.ts';

export type Ports = { app: number; simulator: number };

/** Variables of the app when it runs against the simulator on this machine. */
export function appEnvironment(secrets: DevSecrets, ports: Ports): Record<string, string> {
  const simulator = `http://localhost:${ports.simulator}`;
  return {
    APP_URL: `http://localhost:${ports.app}`,
    PORT: String(ports.app),
    SESSION_PASSWORD: secrets.sessionPassword,
    MAYA_MODE: 'simulator',
    ALLOW_SIMULATOR: '1',
    SIMULATOR_URL: simulator,
    MAYA_API_URL: simulator,
    MAYA_TOKEN_URL: `${simulator}/oauth/token`,
    MAYA_CLIENT_ID: secrets.clientId,
    MAYA_CLIENT_SECRET: secrets.clientSecret,
    MAYA_P2M_ID: secrets.p2mId,
    MAYA_SESSION_URL_SECRET: secrets.sessionUrlSecret,
    MAYA_PROFILE_DECRYPTION_JWK: JSON.stringify(secrets.profileDecryption),
    MAYA_PROFILE_VERIFICATION_JWKS: JSON.stringify({ keys: [secrets.profileVerification] }),
    // In life a minute; whoever tries a lost answer should not have to wait that long to see it settled.
    MAYA_EXECUTE_TIMEOUT_MS: '8000',
    NEXT_TELEMETRY_DISABLED: '1',
  };
}

const MERCHANT = 'Tala Coffee Roasters';

/** Variables of the simulator that belongs to it. */
export function simulatorEnvironment(secrets: DevSecrets, ports: Ports): Record<string, string> {
  return {
    SIMULATOR_PORT: String(ports.simulator),
    MERCHANT_NAME: process.env.MERCHANT_NAME || MERCHANT,
    APP_URL: `http://localhost:${ports.app}`,
    MAYA_CLIENT_ID: secrets.clientId,
    MAYA_CLIENT_SECRET: secrets.clientSecret,
    MAYA_P2M_ID: secrets.p2mId,
    MAYA_SESSION_URL_SECRET: secrets.sessionUrlSecret,
    ...ecommpayEnvironment(secrets, ports),
    SIMULATOR_PROFILE_ENCRYPTION_JWK: JSON.stringify(secrets.profileEncryption),
    SIMULATOR_PROFILE_SIGNING_JWK: JSON.stringify(secrets.profileSigning),
  };
}

/** ECommPay as the simulator plays it: the names are the app's own, so that both sides can be given the same. */
export function ecommpayEnvironment(secrets: DevSecrets, ports: Ports): Record<string, string> {
  const simulator = `http://localhost:${ports.simulator}`;
  return {
    ECOMMPAY_PROJECT_ID: String(secrets.ecommpayProjectId),
    ECOMMPAY_SECRET: secrets.ecommpaySecret,
    ECOMMPAY_PAYMENT_PAGE_URL: `${simulator}/payment`,
    ECOMMPAY_GATE_URL: simulator,
    ECOMMPAY_DATA_URL: `${simulator}/v1`,
    ECOMMPAY_DATA_TOKEN: secrets.ecommpayDataToken,
    ECOMMPAY_DATA_SECRET: secrets.ecommpayDataSecret,
  };
}
