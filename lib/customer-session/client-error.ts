import { hasCode } from '../base/errors.ts';
import { errorFields } from '../base/log.ts';
import { raiseAlarm } from '../db/alarms.ts';
import { CLIENT_REFUSED, CLIENT_TOKEN_UNAVAILABLE } from '../maya/client-token.ts';
import type { SessionDeps } from './deps.ts';

/**
 * A client token could not be had. Refused credentials are a fault of configuration: staff is alarmed, and customers'
 * sessions stay as they are.
 *
 * @throws anything that is not about the client token
 */
export async function reportClientError(deps: SessionDeps, error: unknown): Promise<void> {
  if (hasCode(error, CLIENT_REFUSED))
    await raiseAlarm(deps, deps.store.db, { kind: 'maya_client_refused', subject: 'client' });
  else if (!hasCode(error, CLIENT_TOKEN_UNAVAILABLE)) throw error;
  deps.log.warn('maya.client_token', errorFields(error));
}
