import { phrases, plainWords, saysCancel, spokenCancel, spokenCannotCome } from './decide-words.ts';

/*
 * Whether a customer takes an appointment back. The word alone proves nothing: people write it when they ask, when they beg
 * us not to, when it is their holiday that they had to cancel. So it counts only where nothing around it says otherwise, in
 * all languages at once; what is in doubt is for people.
 */

/** `unclear`: it speaks of cancelling, and perhaps not of cancelling this. */
export type Cancelling = 'clear' | 'unclear' | 'no';

const set = (list: string): ReadonlySet<string> => new Set(phrases(list).map((phrase) => phrase.trim()));

/** A wish begins anew after these: what was denied before them is something else. */
const POLITE =
  'please, pls, plz, kindly, so, therefore, snälla, vänligen, så, därför, bitte, also, deshalb, daher, por favor, así que, por eso, isliye, toh, kripya, कृपया, इसलिए';
const AND = set('and, but, because, och, men, und, aber, weil, y, pero, porque, aur, lekin, par, magar, और, लेकिन');
const WISHER = set(
  'i, we, im, ill, need, have, must, want, would, has, jag, vi, måste, vill, behöver, skulle, ich, wir, muss, müssen, möchte, will, würde, tengo, quiero, necesito, debo, quisiera, tenemos, main, mujhe, mera, meri, hum, मैं, मुझे',
);
const NOT = set(
  'not, dont, doesnt, didnt, wont, wouldnt, cant, cannot, couldnt, shouldnt, havent, hasnt, hadnt, isnt, arent, neednt, mustnt, dnt, never, no, without, nobody, instead, inte, ej, aldrig, utan, ingen, inga, inget, slipper, istället, nicht, nie, niemals, kein, keine, keinen, keinesfalls, ohne, statt, nunca, jamás, sin, tampoco, mat, mt, na, nahi, nahin, nai, nhi, bina, मत, ना, न, नहीं, नही, बिना',
);
const NOT_FAR = 6;
/** Those that may stand behind, and how far. */
const NOT_BEHIND = new Map([
  ...[...set('inte, ej')].map((word) => [word, 2] as const),
  ...[...set('nicht')].map((word) => [word, 7] as const),
  ...[...set('mat, mt, na, nahi, nahin, nai, nhi, मत, ना, न, नहीं, नही')].map((word) => [word, 4] as const),
]);
/** "cancel kar do": what follows is another sentence. */
const DONE = set('do, dijiye, dijie, dena, karo, kijiye, hai, दो, दीजिए, दें, करो, कीजिए, है');
/** Of what may be, or what was. */
const PERHAPS = phrases(
  'if, unless, in case, may, might, maybe, perhaps, possibly, had to, was going to, were going to, almost, nearly, rather than, hate to, om, ifall, kanske, eventuellt, var tvungen, blev tvungen, var tvungna, fick, nästan, wenn, falls, sofern, vielleicht, eventuell, fast, si, quizá, quizás, tal vez, a lo mejor, tuve que, tuvimos que, casi, agar, yadi, shayad, अगर, शायद',
);
const WERE = phrases(
  'cancel kar di, cancel kar diya, cancel karna pada, cancel karni padi, cancel karne pade, cancel ho gaya, cancel ho gayi, cancel hua, cancel hui, कैंसल करना पडा, कैंसिल करना पडा, रद्द करना पडा, कैंसल हो गया, रद्द हो गया',
);
/** What sounds like one of the above and means "please". */
const IF_YOU_CAN = phrases(
  'if possible, if you can, if you could, if you would, om möjligt, om ni kan, om du kan, wenn möglich, si es posible, si puedes, si puede, agar ho sake, agar possible ho',
);
const QUESTION =
  /^ (?:(?:hi|hello|hey|hej|hallo|hola|ok|and|och|und|y) )*(?:did|does|is|are|was|were|has|what|whats|why|when|how|who|which|where|should|shall|may i|can i|could i|har|är|vad|varför|när|hur|kan jag|får jag|ska jag|haben|hat|habt|ist|was|warum|wann|wie|kann ich|darf ich|muss ich|soll ich|han|habeis|ha|por que|que pasa|como|cuando|puedo|se puede|kya maine|kya main|kya aapne|kya tumne|kyun|kyon|kaise|क्या आपने|क्या मैं|क्यों|कैसे) /;
const REQUEST =
  /^ (?:(?:hi|hello|hey|hej|hallo|hola|ok|sorry|please|pls|and|och|und|y|bitte) )*(?:(?:can|could|would) (?:you|u|we|someone|somebody)|(?:kan|kunde|skulle) (?:ni|du|vi|någon|nån)|(?:können|konnen|könnten|konnten|würden|wurden) (?:sie|wir|ihr)|(?:kannst|könntest|konntest|würdest|wurdest) du|(?:(?:me|nos) )?(?:puedes|puede|pueden|podeis|podrias|podria|podriais|podrian|podemos)|(?:kya )?(?:aap|ap|tum) .* sak(?:te|ti|ta|oge|enge)|(?:क्या )?आप .* सकत) ?/;
/** What a customer's appointment is called, and when it is. */
const OURS = set(
  'appointment, appointments, appt, apt, booking, bookings, reservation, visit, meeting, meet, slot, time, viewing, showing, tour, drive, test, testdrive, demo, consultation, session, inspection, call, date, plan, plans, thing, one, it, schedule, estimate, survey, fitting, assessment, checkup, lesson, class, today, todays, tomorrow, tomorrows, morning, afternoon, tid, tiden, bokning, bokningen, besök, besöket, möte, mötet, provkörning, provkörningen, visning, visningen, träff, bokade, inbokade, morgondagens, dagens, termin, termine, besuch, probefahrt, besichtigung, treffen, buchung, reservierung, verabredung, gespräch, uhrzeit, morgigen, heutigen, cita, citas, reserva, visita, prueba, reunión, hora, turno, sesión, consulta, mañana, hoy, del, de, monday, tuesday, wednesday, thursday, friday, saturday, sunday, måndag, tisdag, onsdag, torsdag, fredag, lördag, söndag, montag, dienstag, mittwoch, donnerstag, freitag, samstag, sonntag, lunes, martes, miércoles, jueves, viernes, sábado, domingo',
);
const MY = set(
  'my, our, the, his, her, a, an, min, mitt, mina, vår, vårt, våra, mein, meine, meinen, meiner, unser, unsere, unseren, den, die, das, mi, mis, la, el, las, los, nuestra, nuestro',
);
const ELSE = set(
  'other, another, andra, annan, annat, andere, anderen, anderer, otra, otro, dusra, doosra, dusri, doosri',
);
/** "Ich muss das leider absagen": no noun follows. */
const LITTLE = set('leider, bitte, jetzt, nun, mal, alles, ganze, heute, hier');

/** "Sagen Sie den Termin ab": the German verb comes apart. */
const ABSAGEN = / (?:sag|sage|sagen|sagt) ((?:\S+ ){1,6}?)ab /g;

interface Clause {
  words: string;
  isAsked: boolean;
  /** In the same sentence something was denied or put under a condition before. */
  isLed: boolean;
}

/** What a message says of cancelling an appointment. Pure. */
export function readCancelling(text: string): Cancelling {
  const about = clausesOf(text).filter(({ words }) => saysCancel(words));
  if (about.length === 0) return 'no';
  return about.every(isClear) ? 'clear' : 'unclear';
}

function clausesOf(text: string): Clause[] {
  const sentences = text.slice(0, 1000).matchAll(/([^.!?;:\n।¡¿]+)([.!?;:\n।]*)/g);
  return [...sentences].flatMap(([, sentence = '', end = '']) => {
    const parts = sentence
      .split(/[,–—()]|\s-+\s/)
      .map((part) => without(plainWords(part).replace(ABSAGEN, ' $1absagen '), IF_YOU_CAN))
      .filter((words) => words.trim() !== '');
    let isLed = false;
    return parts.map((words, at): Clause => {
      const clause = { words, isAsked: end.includes('?') && at === parts.length - 1, isLed };
      // a bare no answers what was asked before; "do not, I beg you, …" goes on
      isLed ||=
        PERHAPS.some((phrase) => words.startsWith(phrase)) || (NOT.has(last(words)) && tokens(words).length > 1);
      return clause;
    });
  });
}

function isClear({ words, isAsked, isLed }: Clause): boolean {
  if (isLed || WERE.some((phrase) => words.includes(phrase))) return false;
  if ((isAsked || QUESTION.test(words)) && !REQUEST.test(words)) return false;
  const phrase = spokenCancel(words);
  if (phrase === undefined) return false;
  const at = words.indexOf(phrase);
  const before = words.slice(0, at + 1);
  const behind = tokens(words.slice(at + phrase.length - 1));
  const led = stretchBefore(before);
  if (PERHAPS.some((each) => led.includes(each))) return false;
  if (
    tokens(led)
      .slice(-NOT_FAR)
      .some((word) => NOT.has(word))
  )
    return false;
  const done = behind.findIndex((word) => DONE.has(word));
  const same = done < 0 ? behind : behind.slice(0, done);
  if (same.some((word, far) => far < (NOT_BEHIND.get(word) ?? 0))) return false;
  return isOurs(tokens(led).slice(-5)) && isOurs(behind);
}

/** The words before it that still belong to it: from the last "please", or "and I", on. */
function stretchBefore(before: string): string {
  const cannot = spokenCannotCome(before);
  const here = cannot === undefined ? before : before.slice(before.lastIndexOf(cannot) + cannot.length - 1);
  const polite = Math.max(
    ...phrases(POLITE).map((word) => (here.includes(word) ? here.lastIndexOf(word) + word.length - 1 : 0)),
  );
  const rest = tokens(
    here.slice(polite).replace(/^ (?:no|nope|nej|nein) (?=(?:i|we|sorry|just|jag|vi|ich|wir) )/, ' '),
  );
  const turn = rest.findLastIndex((word, at) => AND.has(word) && WISHER.has(rest[at + 1] ?? ''));
  return ` ${rest.slice(turn + 1).join(' ')} `;
}

/** "my trip", "den anderen Termin": something of theirs that is not the appointment. */
function isOurs(words: readonly string[]): boolean {
  const at = words.findIndex((word) => MY.has(word));
  const named = at < 0 ? [] : words.slice(at + 1, at + 4);
  if (named.some((word) => ELSE.has(word))) return false;
  const [noun] = named;
  if (noun === undefined || LITTLE.has(noun)) return true;
  return named.some((word) => OURS.has(word) || /\d/.test(word));
}

const tokens = (words: string): string[] => words.trim().split(' ').filter(Boolean);
const last = (words: string): string => tokens(words).at(-1) ?? '';
const without = (words: string, list: readonly string[]): string =>
  list.reduce((rest, phrase) => rest.replaceAll(phrase, ' '), words);
