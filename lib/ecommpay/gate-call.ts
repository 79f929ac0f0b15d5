import { readText } from '../base/body.ts';
import { exchange, type NoAnswer } from '../base/exchange.ts';
import type { EcommpayApi, EcommpaySettings } from './api.ts';
import { type Message, readMessage } from './message.ts';
import { sign } from './signature.ts';

type Parameters = { general: { payment_id: string } & Record<string, unknown> } & Record<string, unknown>;

export type GateAnswer = { status: number; message: Message };

/** No Brotli: the Node that production still has decodes it wrongly. */
export const JSON_HEADERS = {
  'Content-Type': 'application/json',
  Accept: 'application/json',
  'Accept-Encoding': 'gzip, deflate',
};

/**
 * Sends one signed request to Gate (contract 1) and reads its answer. Never throws for what the network or ECommPay
 * does.
 *
 * @param name in logs
 */
export function callGate<Outcome extends { kind: string }>(
  api: EcommpayApi,
  name: string,
  path: string,
  parameters: Parameters,
  read: (answer: GateAnswer) => Outcome,
): Promise<Outcome | NoAnswer> {
  const { settings } = api;
  const general = { project_id: settings.projectId, ...parameters.general };
  const unsigned = { ...parameters, general };
  const signature = sign(unsigned, settings.secret);
  return exchange(
    api,
    'ecommpay.call',
    {
      name,
      method: 'POST',
      url: `${settings.gateUrl}${path}`,
      headers: JSON_HEADERS,
      body: JSON.stringify({ ...unsigned, general: { ...general, signature } }),
      limitMs: settings.timeoutMs,
      reference: parameters.general.payment_id,
    },
    async (response) => read(await readGateAnswer(response, settings)),
  );
}

/** Reads a bare response. Never throws; a body that broke off or is too large is unreadable. */
export async function readGateAnswer(
  response: Response,
  { secret }: Pick<EcommpaySettings, 'secret'>,
): Promise<GateAnswer> {
  const body = await readText(response);
  const message = body.kind === 'text' ? readMessage(body.text, [secret]) : ({ kind: 'unreadable' } as const);
  return { status: response.status, message };
}
