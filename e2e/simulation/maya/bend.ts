import { type Answer, changed, codeAnswer, htmlAnswer, jsonAnswer } from '../world/answer.ts';
import type { Chance } from '../world/chance.ts';

/** Answers that Maya, or something before it, gives instead of processing a call; none where the call goes through. */
export function insteadOf(kind: string, chance: Chance): Answer | undefined {
  switch (kind) {
    case '500-before':
      return jsonAnswer(500, { message: 'Internal Server Error' });
    case 'html-before':
      return htmlAnswer;
    case '503':
      return jsonAnswer(503, { error: 'temporarily_unavailable' });
    case '429-before':
      return jsonAnswer(429, { code: 'too_many_requests' }, { 'retry-after': String(chance.int(8)) });
    case '401-before':
      return codeAnswer(401, chance.pick(['invalid_token', 'K001', 'invalid_client']));
    case 'not-found':
      return codeAnswer(404, 'PY0009');
    case 'refused':
      return chance.pick([codeAnswer(400, '2553'), codeAnswer(403, 'PY0019'), codeAnswer(400, 'PY0064')]);
    default:
      return undefined;
  }
}

/** What our code hears where Maya did process the call. */
export function bent(kind: string, answer: Answer, chance: Chance): Answer {
  switch (kind) {
    case 'truncated':
      return { ...answer, cut: true };
    case 'html-after':
      return htmlAnswer;
    case '500-after':
      return jsonAnswer(500, { message: 'Internal Server Error' });
    case 'empty-after':
      return { ...answer, body: '' };
    case '429-after':
      return jsonAnswer(429, { code: 'too_many_requests' }, { 'retry-after': String(chance.int(8)) });
    case 'fault-code-after':
      return codeAnswer(chance.pick([400, 500]), chance.pick(['PY0001', 'PY0015', 'PY9999', 'PY4242']));
    case 'code-after':
      return codeAnswer(404, 'gone');
    // A repeat of what was paid: the wallet that it emptied, or the id that has expired since, is looked at first.
    case 'emptied-wallet':
      return answer.body.includes('PY0010') ? codeAnswer(400, 'PY0105') : answer;
    case 'forgotten-id':
      return answer.body.includes('PY0010') ? codeAnswer(404, 'PY0009') : answer;
    case 'status-unknown':
      return changed(answer, { status: chance.pick(['PENDING', 'approve', '', null]) });
    case 'wrong-id':
      return changed(answer, { id: '00000000-0000-4000-8000-000000000000' });
    case 'wrong-currency':
      return changed(answer, { amount: { currency: 'USD', value: amountIn(answer) } });
    case 'wrong-reference':
      return changed(answer, { requestReferenceNumber: '00000000-0000-4000-8000-00000000000f' });
    case 'echo-missing':
      return changed(answer, { [chance.pick(['amount', 'p2mId', 'requestReferenceNumber'])]: undefined });
    case 'id-missing':
      return changed(answer, { id: undefined });
    case 'expiry-missing':
      return changed(answer, { expiresAt: undefined });
    case 'expiry-past':
      return changed(answer, { expiresAt: 1_000_000_000 });
    case 'expiry-text':
      return changed(answer, { expiresAt: 'soon' });
    case 'expiry-milliseconds':
      return changed(answer, { expiresAt: Number(fieldOf(answer, 'expiresAt')) * 1_000 });
    default:
      return answer;
  }
}

/** Execute's answer with another amount or merchant: the wallet did what was asked, its answer speaks of something else. */
export function misreported(kind: string, answer: Answer): Answer {
  if (kind === 'wrong-amount')
    return changed(answer, { amount: { currency: 'PHP', value: amountIn(answer) + 1 } });
  if (kind === 'wrong-p2m') return changed(answer, { p2mId: 'SOMEBODY-ELSE' });
  return answer;
}

function fieldOf(answer: Answer, name: string): unknown {
  try {
    return (JSON.parse(answer.body) as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

function amountIn(answer: Answer): number {
  const amount = fieldOf(answer, 'amount') as { value?: number } | undefined;
  return amount?.value ?? 1;
}
