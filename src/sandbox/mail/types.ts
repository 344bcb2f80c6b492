/** A letter as the stand-in keeps it. */
export interface StandInLetter {
  /** The stand-in's own name for it. */
  readonly id: string;
  /** `in`: from the business to a customer; `out`: from a customer to the business. */
  readonly direction: 'in' | 'out';
  /** The customer's mailbox. */
  readonly mailbox: string;
  readonly subject: string;
  /** What was written this time; a customer's quotes are in `raw` only. */
  readonly text: string;
  readonly html: string | null;
  /** Its Message-ID and those it names, in angle brackets. */
  readonly messageId: string;
  readonly references: readonly string[];
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly attachments: readonly { name: string; contentType: string; content: Buffer }[];
  /** As it came over the wire. */
  readonly raw: Buffer;
  /** Machine ms, and business time of the same moment. */
  readonly at: number;
  readonly shownAt: number;
  /** A mail server could not deliver it after all. */
  bounced: boolean;
}

/** What goes wrong on demand, for everybody or for one mailbox. */
export interface MailFaults {
  /** The server says this to RCPT, for example `550 5.1.1 No such user`. */
  refuseRecipient?: string | undefined;
  /** The server says this once it has the letter. */
  refuseLetter?: string | undefined;
  /** It takes the letter and cuts the line before it says so. */
  dropAfterData?: boolean | undefined;
  /** It cuts the line when the letter begins. */
  dropBeforeData?: boolean | undefined;
  /** It says nothing for so long, once it has the letter. */
  answerDelayMs?: number | undefined;
  /** It takes the letter, and reports this status later. */
  bounceWith?: string | undefined;
}
