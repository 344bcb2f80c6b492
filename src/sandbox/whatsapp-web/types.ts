/** A message in a chat of a business's phone. Numbers are bare E.164; times are machine ms. */
export interface PhoneMessage {
  readonly id: string;
  /** The business's phone. */
  readonly phone: string;
  readonly customer: string;
  readonly direction: 'in' | 'out';
  /** By whom it was written: a customer, LeadRescue, or somebody on the phone. */
  readonly by: 'customer' | 'program' | 'phone';
  body: string;
  readonly media: { mimetype: string; data: string } | null;
  readonly at: number;
  /** Business time of the same moment: what phones show. */
  readonly shownAt: number;
  /** As WhatsApp counts: 1 at the server, 2 on the device, 3 read. */
  ack: number;
  revoked: boolean;
  /** Machine ms; null: never. */
  editedAt: number | null;
}

/** A device as the phone lists it. */
export interface PhoneLink {
  readonly id: string;
  /** Business time, ms since the epoch. */
  readonly linkedAt: number;
  /** Its WhatsApp Web is open somewhere. */
  readonly connected: boolean;
}

/** Faults of the next sends; each is taken away by what it hits. */
export interface PhoneFaults {
  /** It is sent, and `sendMessage` resolves to nothing. */
  sentInSilence: number;
  /** It is not sent, and `sendMessage` resolves to nothing. */
  lost: number;
  /** It is sent, `sendMessage` never resolves, and no echo comes. */
  hangs: number;
  /** Of the next questions whose a hidden chat is: they fail. */
  questions: number;
}
