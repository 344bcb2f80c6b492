import type { MessageId } from '../../lib/ids.ts';
import { open, seal } from '../../lib/secrets.ts';
import type { DueLetter } from '../due.ts';
import type { LetterFacts } from '../port.ts';

type Kept = Pick<LetterFacts, 'id' | 'references' | 'subject'>;

/** Ids that a letter names at most: the first one, and the newest (RFC 5322 knows no limit, programs do). */
const MAX_REFERENCES = 20;

const placeOf = (tenantId: string, messageId: string) => `${tenantId}/${messageId}/letter`;

/** Seals what the answer to a customer's letter will need. */
export function sealLetter(key: Buffer, tenantId: string, messageId: MessageId, letter: LetterFacts): Buffer {
  const { id, references, subject } = letter;
  return seal(key, placeOf(tenantId, messageId), JSON.stringify({ id, references, subject } satisfies Kept));
}

/** The conversation by e-mail as the next letter of ours continues it. */
export interface MailThread {
  /** In angle brackets, oldest first. */
  references: readonly string[];
  /** What the customer's last letter was called, without `Re:`. */
  subject: string | null;
  /** The template of our last letter. */
  lastTemplate: string | null;
}

/** Reads the letters of a conversation, oldest first. */
export function threadOfLetters(key: Buffer, tenantId: string, letters: readonly DueLetter[]): MailThread {
  const references: string[] = [];
  let subject: string | null = null;
  let lastTemplate: string | null = null;
  for (const letter of letters) {
    if (letter.facts !== null) {
      const sealed = Buffer.from(letter.facts, 'base64');
      const kept = JSON.parse(open(key, placeOf(tenantId, letter.messageId), sealed).toString()) as Kept;
      references.push(...kept.references, kept.id);
      subject = bareSubject(kept.subject);
    } else {
      if (letter.id !== null) references.push(letter.id);
      lastTemplate = letter.templateKey ?? lastTemplate;
    }
  }
  const each = [...new Set(references)];
  const [first] = each;
  const newest = each.slice(1).slice(1 - MAX_REFERENCES);
  return { references: first === undefined ? [] : [first, ...newest], subject, lastTemplate };
}

/** `Re:` and its kin in the languages we write, any number of them. */
const ANSWER = /^\s*(?:(?:re|sv|aw|antw|rv|res|vs|fw|fwd|wg|tr|rif)\s*(?:\[\d+\])?\s*:\s*)+/i;

/** What a letter is called, without the marks of an answer. */
export const bareSubject = (subject: string): string => subject.replace(ANSWER, '').trim();
