/** Patterns by rule name; the name is stable, it is shown to people and kept in events. */
export type Rules = Readonly<Record<string, readonly string[]>>;

/**
 * What one language knows about opting out, as data. Patterns are explained in pattern.ts; they are tried in the order
 * of the members below.
 */
export interface Language {
  readonly code: string;
  /**
   * Categories: words by white space, `stem*` for all words that begin so, `*ing` for those that end in these three
   * letters. Accents may be written; they are folded.
   */
  readonly words: Readonly<Record<string, string>>;
  /** Polite or coarse padding that never changes the meaning. */
  readonly fillers: string;
  /** Words at which a clause may end and the next start ("and", "but"). */
  readonly openers: string;
  /** Several words read as one ("do not" as "dont"). */
  readonly rewrites: Readonly<Record<string, string>>;
  /** Long words whose misspellings are read too. */
  readonly misspelt: string;
  /** Uses that are no opt-out ("bus stop", "stop by"): their words count for nothing afterwards. */
  readonly harmless: readonly string[];
  /** Opt-outs in words that `negated` would silence ("why don't you stop texting"). */
  readonly certain: Rules;
  /** Opt-outs turned round ("don't stop", "please don't remove me"): silenced like `harmless`. */
  readonly negated: readonly string[];
  readonly optOut: Rules;
  /** Opt-outs said only by a bare "stop" inside a longer message: a joke beside them makes them doubtful. */
  readonly bare: Rules;
  /** Flattery and eagerness that make a bare "stop" a joke. */
  readonly banter: readonly string[];
  /** "Not now", "not at work": turns a ban on contact into a question for a person. */
  readonly limits: readonly string[];
  /** "never", "for good": the ban holds whatever the limit says. */
  readonly forGood: string;
  readonly unsure: Rules;
  readonly autoReply: Rules;
  /** Another channel is welcome ("email is fine"). The categories SMS, WHATSAPP, EMAIL and CALL name the channels. */
  readonly welcome: readonly string[];
}
