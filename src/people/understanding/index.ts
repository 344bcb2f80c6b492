import { type Channel, Engine, type Findings } from './engine.ts';
import { isKeywordStop, isStopSign, keywordOf } from './keywords.ts';
import { languages } from './languages.ts';
import { clip, fold } from './normalise.ts';
import { isTapback, withoutQuoted } from './quoted.ts';
import { tokenise } from './tokens.ts';

export { isKeywordStop } from './keywords.ts';
export { withoutQuoted } from './quoted.ts';

/** What an inbound message means for whether we may go on writing. `rule` is a short stable name for the record. */
export type Understanding =
  /** `keyword`: the gateway acts on this message by itself (see `isKeywordStop`). */
  | { kind: 'opt_out'; scope: 'all' | Channel; rule: string; keyword: boolean }
  /** Maybe an opt-out: pause and ask a person. */
  | { kind: 'unsure'; rule: string }
  /** START or UNSTOP. A bare YES is not one: it answers our question, whatever that was. */
  | { kind: 'opt_in'; rule: string }
  | { kind: 'help' }
  /** Written by a machine beyond doubt; must not end a cadence. */
  | { kind: 'auto_reply'; rule: string }
  | { kind: 'message' };

const engine = new Engine(languages);

/**
 * Understands one inbound message without a model: keywords, then rules over words in several languages. Pure; never
 * throws; reads at most 2,000 characters of the person's own words (quoted history is left out). When in doubt between
 * an opt-out and a message it says `unsure`. Which words always suffice: 47 CFR 64.1200(a)(10).
 */
export function understand(text: string): Understanding {
  if (isTapback(text)) return { kind: 'message' };
  const tokens = tokenise(fold(clip(withoutQuoted(text))), engine.vocabulary);
  const keyword = keywordOf(tokens);
  if (keyword === 'opt_out') return { kind: 'opt_out', scope: 'all', rule: 'keyword', keyword: isKeywordStop(text) };
  if (keyword === 'opt_in') return { kind: 'opt_in', rule: 'keyword' };
  if (keyword === 'help') return { kind: 'help' };
  if (isStopSign(text)) return { kind: 'unsure', rule: 'stop_sign' };
  return decide(engine.judge(engine.rewrite(tokens)));
}

function decide({ optOuts, unsure, autoReplies, welcome }: Findings): Understanding {
  const [first] = optOuts;
  if (first) {
    const named = new Set(optOuts.flatMap((hit) => [...hit.channels]));
    return { kind: 'opt_out', scope: scopeOf(named, welcome), rule: first.rule, keyword: false };
  }
  if (unsure[0]) return { kind: 'unsure', rule: unsure[0] };
  if (autoReplies[0]) return { kind: 'auto_reply', rule: autoReplies[0] };
  return { kind: 'message' };
}

/**
 * One channel only where the person refuses that channel and welcomes another; everything else is meant for all.
 * "Messages" without a channel, beside a welcome for e-mail or calls, are text messages.
 */
function scopeOf(refused: ReadonlySet<Channel>, welcome: ReadonlySet<Channel>): 'all' | Channel {
  const others = [...welcome].filter((channel) => !refused.has(channel));
  if (others.length === 0) return 'all';
  const ours = [...refused].filter((channel) => !welcome.has(channel));
  const [only, ...more] = ours.length > 1 ? ours.filter((channel) => channel !== 'call') : ours;
  if (only && more.length === 0) return only;
  return ours.length === 0 && !welcome.has('sms') ? 'sms' : 'all';
}
