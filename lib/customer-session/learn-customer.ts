import { errorFields } from '../base/log.ts';
import { raiseAlarm } from '../db/alarms.ts';
import type { CallTokens } from '../maya/api.ts';
import { getProfile } from '../maya/profile.ts';
import { reportClientError } from './client-error.ts';
import { customerToken, renewCustomerToken, USE_MARGIN_MS } from './customer-token.ts';
import type { SessionDeps } from './deps.ts';
import { endSession } from './sessions.ts';

/**
 * Asks Maya who the customer of this session is (contract 9), where profile keys are set. Never stands between the
 * customer and a page, and a failure changes nothing: history and unsettled payments then stay with the session.
 *
 * @returns the verified customer id, or `null`
 */
export async function learnCustomer(deps: SessionDeps, row: string): Promise<string | null> {
  const keys = deps.maya.settings.profileKeys;
  if (!keys) return null;
  try {
    const token = await customerToken(deps, row, { marginMs: USE_MARGIN_MS, evenWhenOver: false });
    if (token.kind !== 'usable') return null;
    const tokens: CallTokens = { client: await deps.clientTokens.get(), customer: token.accessToken };
    let profile = await getProfile(deps.maya, tokens, deps.ids.reference(), keys);
    if (profile.kind === 'unauthorized') {
      const renewed = await renewCustomerToken(deps, row, token.generation);
      if (renewed.kind !== 'usable') return null;
      const fresh = { client: await deps.clientTokens.renew(tokens.client), customer: renewed.accessToken };
      profile = await getProfile(deps.maya, fresh, deps.ids.reference(), keys);
    }
    if (profile.kind !== 'profile') return null;
    await deps.reach('profile.answered');
    const { customerId } = profile;
    const accountHolder = profile.name === undefined ? null : maskName(profile.name);
    const learned = await deps.store.db
      .updateTable('sessions')
      .set({ customer_id: customerId, account_holder: accountHolder })
      .where('id', '=', row)
      .where((eb) => eb.or([eb('customer_id', 'is', null), eb('customer_id', '=', customerId)]))
      .returning('id')
      .executeTakeFirst();
    if (!learned) {
      await raiseAlarm(deps, deps.store.db, { kind: 'tokens_of_another_customer', subject: row });
      await endSession(deps, row, 'other_customer');
      return null;
    }
    await deps.reach('profile.saved');
    return customerId;
  } catch (error) {
    // Refused client credentials are an alarm here as anywhere; what else it was is logged below.
    await reportClientError(deps, error).catch(() => {});
    deps.log.warn('session.profile_failed', { account: row, ...errorFields(error) });
    return null;
  }
}

/** `Maria Santos` → `M••••• S•••••`: enough to recognise one's own account, too little to learn another's. */
export function maskName(name: string): string {
  return name
    .trim()
    .split(/\s+/)
    .slice(0, 4)
    .map((part) => {
      const [first = ''] = [...part];
      return `${first.toLocaleUpperCase('en-PH')}${'•'.repeat(5)}`;
    })
    .join(' ');
}
