import type { HttpResult } from '../../lib/http.ts';
import type { SendOutcome } from '../../messaging/port.ts';
import { reasonOf } from './codes.ts';

const MESSAGE_SID = /^[A-Z]{2}[0-9a-f]{32}$/i;

/**
 * What a create call is known to have done. Strict on purpose: a message counts as refused only when the API itself
 * says so. A 4xx without Twilio's error body may come from a proxy behind which the message was taken, so it is
 * uncertain, but for 401 and 429, which by their meaning were not applied (RFC 9110 15.5.2, RFC 6585 4).
 */
export function outcomeOf(result: HttpResult): SendOutcome {
  if (result.kind === 'not_written') return { kind: 'not_written', detail: result.detail };
  if (result.kind === 'no_reply') return { kind: 'uncertain', detail: result.detail };

  const { status } = result;
  const body = parseObject(result.body);
  if (status >= 200 && status < 300 && typeof body.sid === 'string' && MESSAGE_SID.test(body.sid)) {
    return { kind: 'accepted', gatewayId: body.sid };
  }
  if (status >= 400 && status < 500 && Number.isInteger(body.code)) return refusal(status, String(body.code));
  if (status === 401 || status === 429) return refusal(status, `http_${status}`);
  return { kind: 'uncertain', detail: `unexpected HTTP ${status}` };
}

function refusal(status: number, code: string): SendOutcome {
  const reason = reasonOf(code);
  if (reason !== 'unknown') return { kind: 'refused', reason, code };
  if (status === 429) return { kind: 'refused', reason: 'throttled', code };
  if (status === 401 || status === 403) return { kind: 'refused', reason: 'sender', code };
  return { kind: 'refused', reason, code };
}

/** The fields of a JSON object; none when the text is anything else. */
export function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
