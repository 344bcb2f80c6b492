import { fold } from './normalise.ts';
import type { Token } from './tokens.ts';

/** Twilio's default opt-out words on long codes; Twilio itself acts on them when they are the whole message. */
const TWILIO_STOP = words('stop stopall unsubscribe cancel end quit revoke optout');

/** Words that mean an opt-out whatever padding stands around them ("ok stop bro", "nej stopp tack"). Spaces are left out. */
const STOP_WORDS = words(`
  stop stopall unsubscribe revoke optout exit stopp stahp stawp stap stpo sotp stopit stoppit stopnow stopthis
  stoptexting stopmessages stopsms stopspam unsub unsubs unsb usub unsubscribeall optmeout donotdisturb
  dontdisturb nomore sluta stoppa avregistrera avregistreramig avanmal avanmalmig avprenumerera tabort
  tabortmig lagav stoppasms slutasms baja darsedebaja dardebaja darmedebaja basta desuscribir desuscribirse
  desuscribirme nomas yabasta bastaya abmelden abmeldung abbestellen aufhoren aufhoeren stoppen bandkaro
  bandkro bandkardo bandkar bandkijiye bandkariye bandkrdo bndkaro bandhkaro stopkaro stopkro stopkardo
  stopkijiye stopkariye stop2all stop2end stop2quit stop2stop stopmsg stopmsgs stoptext stoptexts baskaro
  baskro roko matbhejo matbhejna बंदकरो बन्दकरो बंदकरें बंदकरे बंदकीजिए बंदकीजिये बंदकरिए बंदकरदो बंदकरदें
  बंदकरना स्टॉप स्टोप स्टॉपकरो रोको बसकरो मतभेजो arret arreter arretez desabonner desabonnement desinscrire
  desinscription desabo descadastrar stans avmeld meldav meldmegav frameld afmeld afmelding afmelden cancella
  стоп
`);

/** Words that mean an opt-out when they are all that is said, politeness aside ("CANCEL", "end please"). */
const LONE_WORDS = words(`
  cancel end quit td remove cease halt cancelall endall quitall removeme cancelme icancel iquit removepls
  deletenumber enough enuf dnc dnd stp slut avsluta radera raderamig raderanummer ifred avbryt upphor alto para
  paren parar pare parad cancelar salir borrar borrame eliminar detener noenviar quitar quitame darbaja
  nomensajes nollamar noescribir schluss ende austragen loschen loeschen widerruf band bandh bandkarna bas
  hatao hatado बंद बन्द हटाओ sair remover slutt fjern avslutt avbestill uitschrijven disiscriviti rimuovi
  stopalt отписаться
`);

const OPT_IN_WORDS = words('start unstop');

/** Words that ask for help; the answer is the tenant's name, its contact and how to stop. */
const HELP_WORDS = words('help info helpme hjalp ayuda hilfe aide ajuda hjelp hjaelp madad मदद सहायता हेल्प');

const POLITE = words(`
  please pls plz plx pleas plzz kindly thanks thank you thx ty tnx cheers now immediately asap sorry tack
  snalla vanligen nu genast por favor porfavor porfa gracias ahora bitte danke sofort jetzt ji jee plij kripya
  kripaya dhanyavaad dhanyawad shukriya जी कृपया प्लीज धन्यवाद takk tak merci svp obrigado obrigada
`);

const PADDING = words(`
  ok okay okey k hey hi hello dear sir madam maam mate bro bruv dude man guys team m8 pal buddy hun love luv
  babe x xx xxx god sake for bye goodbye cya lol haha omg ffs no nope fucking bloody alright right so and just
  already nej hej ja bara direkt omedelbart ya si hola senor nein hallo mal endlich bhai yaar are arre ab abhi
  na अब भाई यार अरे अभी
`);

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/).map(fold));
}

/**
 * True where the gateway itself acts on the message: it is one of Twilio's default words, letter case and outer white
 * space aside. "STOP." and "stop please" are not; those are ours to honour and to confirm.
 */
export function isKeywordStop(text: string): boolean {
  return TWILIO_STOP.has(text.trim().toLowerCase());
}

/** Letters beyond which a message is no keyword, however often repeated or drawn out. */
const LONGEST = 200;

/** Nothing but stop signs and raised hands. */
const STOP_SIGNS = /^(?:(?:🛑|⛔|🚫|✋|🤚)(?:\s|\p{Emoji_Modifier}|\ufe0f)*)+$/u;

/** True for a message of stop signs alone: a request to stop, perhaps. */
export function isStopSign(text: string): boolean {
  return STOP_SIGNS.test(text.trim().slice(0, 200));
}

type Keyword = 'opt_out' | 'opt_in' | 'help';

/** What a message says that is nothing but a keyword, with punctuation, emoji and politeness aside; undefined otherwise. */
export function keywordOf(tokens: readonly Token[]): Keyword | undefined {
  const said = tokens.filter((token) => token.boundary === 0).map((token) => token.text);
  const whole = said.join('');
  if (OPT_IN_WORDS.has(whole)) return 'opt_in';
  if (HELP_WORDS.has(whole)) return 'help';
  const impolite = said.filter((word) => !POLITE.has(word));
  const core = impolite.filter((word) => !PADDING.has(word));
  if (isOneOf(LONE_WORDS, said) || isOneOf(LONE_WORDS, impolite)) return 'opt_out';
  if ([said, impolite, core].some((rest) => isOneOf(STOP_WORDS, rest))) return 'opt_out';
  return undefined;
}

/** Whether the words, run together or each by itself ("stop stop stop"), are of the set. */
function isOneOf(set: ReadonlySet<string>, said: readonly string[]): boolean {
  const joined = said.join('');
  if (joined.length === 0 || joined.length > LONGEST) return false;
  const notDrawnOut = joined.replace(/(.)\1{2,}/gu, '$1');
  return set.has(joined) || set.has(notDrawnOut) || said.every((word) => set.has(word));
}
