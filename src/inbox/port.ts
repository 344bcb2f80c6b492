import type { SourceField } from '../leads/index.ts';
import type { StatusReport } from '../messaging/index.ts';

/** What a source's webhook brought, in no vendor's shape. */
export interface SourceLead {
  /** Their id of this lead: the same one again is the same lead. */
  id: string;
  /** Their id of the person, where they have one: they are recognised by it. */
  personId?: string;
  fields: readonly SourceField[];
}

/**
 * - `test` somebody tries the connection: it is shown, and makes no lead
 * - `nothing` there is no lead in it, for good
 * - `later` it may work by itself in a while
 * - `stuck` somebody has to do something first; then it can be tried again
 */
export type SourceReading =
  | { kind: 'lead'; lead: SourceLead }
  | { kind: 'test' }
  | { kind: 'nothing'; why: string }
  | { kind: 'later'; why: string }
  | { kind: 'stuck'; why: string };

/** How the leads of one kind of source are read. `why` is a code of ours and holds nothing personal. */
export interface SourcePort {
  /** Reads a webhook as it was stored; fetches what it only points to. Throws for what cannot be its webhook. */
  read(raw: string, secrets: Readonly<Record<string, string>>): Promise<SourceReading>;
  /**
   * Finds out for which account somebody's access speaks, which proves that it is theirs. Throws `misconfigured` with words for
   * whoever gave it. Absent where a webhook carries a key of ours instead.
   */
  prove?(access: Readonly<Record<string, string>>): Promise<{ account: string; name: string }>;
}

/** What a mail provider says of one attempt of ours, in no provider's shape. */
export interface MailReport {
  messageId: string;
  attempt: number;
  /** The letter's id. */
  gatewayId: string;
  /** `nothing`: known, and nothing follows from it; `unknown`: a kind that nobody here has heard of. */
  told:
    | { what: 'opened' | 'clicked' | 'delivered' | 'complained' | 'nothing' | 'unknown' }
    | ({ what: 'failed' } & NonNullable<StatusReport['failure']>);
}

/** Reads one report as it was sent; undefined where it names no letter of ours. */
export type ReadMailReport = (one: unknown) => MailReport | undefined;
