export type SinchChannel = 'sms' | 'whatsapp';

/** How Sinch handles an app's messages, and which of its two lists shows them. */
export type SinchMode = 'CONVERSATION' | 'DISPATCH';

/** A message that went through the stand-in, numbers bare E.164. */
export interface SinchMessage {
  id: string;
  direction: 'TO_CONTACT' | 'TO_APP';
  channel: SinchChannel;
  /** The customer. */
  customer: string;
  /** Our sender; empty where Sinch does not say. */
  sender: string;
  /** What the customer reads, templates filled in. */
  body: string;
  template: string | null;
  metadata: string;
  /** Machine ms. */
  at: number;
  /** The processing mode that the app was in: the list shows those of one alone. */
  mode: SinchMode;
  status: 'accepted' | 'QUEUED_ON_CHANNEL' | 'DELIVERED' | 'READ' | 'FAILED';
}

/** How the stand-in misbehaves. Everything can be changed at any time. */
export interface SinchFaults {
  /** Never answers; `after` has taken the message, `before` has not. */
  hang: 'no' | 'before' | 'after';
  /** Takes the message, then destroys the socket. */
  dropAfterAccept: boolean;
  /** Answers 500 without Sinch's error body, without having taken the message. */
  error500: boolean;
  /** Refuses with 429. */
  rateLimited: boolean;
  /** Tokens given out so far are refused; new ones are good. */
  tokensEnd: boolean;
  callbacks: 'posted' | 'none';
  duplicateCallbacks: boolean;
  /** Posts the statuses of a message last first. */
  reverseCallbacks: boolean;
  /** Waits this long between taking a message and answering. */
  answerDelayMs: number;
}

/** Faults of one customer's number. */
export interface SinchNumberFaults {
  /** Refuses every message to this number with this HTTP status and google.rpc status. */
  refuseWith?: { http: number; status: string } | undefined;
  /** Takes every message to this number and reports this reason later (`RECIPIENT_NOT_REACHABLE` …). */
  failWith?: string | undefined;
}

/** An answer of the API: HTTP status and JSON body. */
export interface Answer {
  status: number;
  body: object;
}

/** A refusal in Sinch's words (google.rpc.Status). */
export const refusal = (http: number, status: string, message = status): Answer => ({
  status: http,
  body: { error: { code: http, message, status, details: [] } },
});
