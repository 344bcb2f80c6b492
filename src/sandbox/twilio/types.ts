/**
 * Glossary: *customer* a phone number that can write and be written to; *sender* our number at Twilio;
 * *taken* the stand-in has accepted a message and will deliver it, whatever it answers.
 */
export type StandInChannel = 'sms' | 'whatsapp';

export type MessageStatus =
  | 'accepted'
  | 'queued'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'undelivered'
  | 'failed'
  | 'received';

/** A message as the stand-in keeps it. Numbers are bare E.164; times are machine ms. */
export interface StandInMessage {
  readonly sid: string;
  readonly direction: 'outbound-api' | 'outbound-reply' | 'inbound';
  readonly channel: StandInChannel;
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly at: number;
  /** Business time of the same moment, ms since the epoch: what a phone shows. */
  readonly shownAt: number;
  readonly messagingServiceSid: string | null;
  readonly contentSid: string | null;
  readonly statusCallback: string | null;
  readonly numMedia: number;
  status: MessageStatus;
  errorCode: number | null;
  /** When it left; null while queued, and then a list filtered by DateSent does not show it. */
  sentAt: number | null;
}

/** What the page and tests can follow as it happens. */
export type StandInEvent =
  | { kind: 'sent'; message: StandInMessage }
  | { kind: 'auto_reply'; message: StandInMessage }
  | { kind: 'inbound'; message: StandInMessage }
  | { kind: 'status'; message: StandInMessage }
  | { kind: 'violation'; violation: Violation };

/** A request that no correct application makes: Twilio refused it, and it would never be taken. */
export interface Violation {
  /** Machine ms. */
  at: number;
  /** Method and path, without the account. */
  where: string;
  /** Twilio's error code. */
  code: string;
  detail: string;
}

/** An answer of the API: HTTP status and JSON body. */
export interface Answer {
  status: number;
  body: object;
}

export interface Account {
  readonly accountSid: string;
  readonly authToken: string;
}
