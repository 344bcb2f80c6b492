/** Patterns by rule name; the name is stable, it is shown to people and kept in events. */
export type Rules = Readonly<Record<string, readonly string[]>>;

/** What one language knows about opting out, as data. Patterns are explained in pattern.ts. */
export interface Language {
  readonly code: string;
  /** Categories: words by white space, `stem*` for all words that begin so, `*ing` for those that
   *  end in these three letters. Accents may be written; they are folded. */
  readonly words: Readonly<Record<string, string>>;
  /** Polite or coarse padding that never changes the meaning. */
  readonly fillers: string;
  /** Words after which a new clause may start. */
  readonly openers: string;
  /** Several words read as one ("do not" as "dont"). */
  readonly rewrites: Readonly<Record<string, string>>;
  /** Long words whose misspellings are read too. */
  readonly misspelt: string;
  /** Opt-outs that look like a harmless use ("why don't you stop texting"): judged before `harmless`. */
  readonly certain: Rules;
  /** Uses that are no opt-out ("don't stop", "bus stop"): their words count for nothing afterwards. */
  readonly harmless: readonly string[];
  readonly optOut: Rules;
  /** Opt-outs said only by a bare "stop" inside a longer message: a joke around them makes them harmless. */
  readonly bare: Rules;
  /** Laughter and flattery that make a bare "stop" a joke. */
  readonly banter: readonly string[];
  /** "Not now", "not at work": turns a ban on contact into a question for a person. */
  readonly limits: readonly string[];
  /** "never", "again": the ban holds whatever the limit says. */
  readonly forGood: string;
  readonly unsure: Rules;
  readonly autoReply: Rules;
  /** Another channel is welcome ("email is fine"). The categories SMS, WHATSAPP, EMAIL and CALL name the channels. */
  readonly welcome: readonly string[];
}
