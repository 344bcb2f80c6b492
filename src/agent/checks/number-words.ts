/*
 * Numbers in words, as patterns on plain text (lower case, no accents). Larger ones are numbers wherever they stand;
 * small ones only beside money, a share, a span of time or a distance, since "one" and "en" are also articles.
 */

const word = (words: string) => `(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}\\p{N}])`;
/** A unit, which may stand right behind its number. */
const unit = (words: string) => `(?<!\\p{L})(?:${words})(?![\\p{L}\\p{N}])`;
/** A part of a word: Swedish and German write numbers as one word. */
const part = (words: string) => `[\\p{L}]*(?:${words})[\\p{L}]*`;

const LARGE = [
  word(
    'eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety)(?:[ -]?\\p{L}+)?|hundreds?|thousands?|millions?|billions?|dozens?',
  ),
  part('hundra|tusen|miljon|miljard|hundert|tausend|million|milliard'),
  word('elva|tolv|tretton|fjorton|femton|sexton|sjutton|arton|nitton'),
  word('(?:tjugo|trettio|fyrtio|femtio|sextio|sjuttio|attio|nittio)\\p{L}*'),
  word('zwolf|dreizehn|vierzehn|funfzehn|sechzehn|siebzehn|achtzehn|neunzehn'),
  part('zwanzig|dreissig|vierzig|funfzig|sechzig|siebzig|achtzig|neunzig'),
  word(
    'doce|trece|catorce|quince|dieci\\p{L}+|veint\\p{L}+|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa',
  ),
  word('cien|ciento|\\p{L}+cient[oa]s|quinient[oa]s|mil(?! gracias)|miles(?! away)|millon(?:es)?'),
  word(
    'gyarah|barah|terah|chaudah|pandrah|solah|satrah|atharah|unnis|bees|pachees|tees|chalis|chaalis|pachas|pachaas|sattar|assi|nabbe',
  ),
  word('sau|hazaa?r|hajaa?r|laa?kh|lac|karod|crore'),
  word('ग्यारह|बारह|तेरह|चौदह|पंद्रह|सोलह|सत्रह|अठारह|उन्नीस|बीस|पच्चीस|तीस|चालीस|पचास|साठ|सत्तर|अस्सी|नब्बे|सौ|हजार|लाख|करोड'),
].join('|');

const SMALL = word(
  [
    'zero|no|two|three|four|five|six|seven|eight|nine|ten|half',
    'noll|tva|tre|fyra|fem|sex|sju|atta|nio|tio|halva?',
    'null|zwei|drei|vier|funf|sechs|sieben|acht|neun|zehn|elf|halbe?[ns]?',
    'cero|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|medi[oa]',
    'shunya|do|teen|char|chaar|paanch|panch|chhe|chhah|saat|aath|nau|das|aadh[aei]',
    'शून्य|दो|तीन|चार|पांच|छह|सात|आठ|नौ|दस|आधा|आधी|आधे',
  ].join('|'),
);
/** Digits read out one by one, in one language each. */
const DIGITS = [
  'zero|oh|one|two|three|four|five|six|seven|eight|nine|ten',
  'noll|ett|tva|tre|fyra|fem|sex|sju|atta|nio|tio',
  'null|eins|zwei|zwo|drei|vier|funf|sechs|sieben|acht|neun|zehn',
  'cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez',
  'shunya|ek|do|teen|char|chaar|paanch|panch|chhe|chhah|saat|aath|nau|das',
  'शून्य|एक|दो|तीन|चार|पांच|छह|सात|आठ|नौ|दस',
];
const READ_OUT = DIGITS.map((digits) => `${word(digits)}[\\s,.-]+${word(digits)}`).join('|');
/** Thousands as people call them; behind a number only, since most mean other things too. */
const SLANG = unit(
  'k|grand|large ones|papp|lakan|laken|lax|laxar|tusing|riesen|mille|tausender|scheine|kroten|pavos|lucas|luca|de los grandes|peti|khokha|khoka|पेटी|खोखा',
);
/** Parts of a whole; a quarter is also a time of day. */
const SHARES = word(
  [
    '(?:a|one|by|two|another) thirds?|(?:a|one|three) quarters?(?! (?:past|to|of an hour|after))|half of|(?:a|one) (?:fifth|tenth)',
    '\\p{L}*tredjedel\\p{L}*|\\p{L}*fjardedel\\p{L}*|\\p{L}*femtedel\\p{L}*|tiondel\\p{L}*|halften',
    'drittel|(?:ein|um ein|drei) viertel(?! (?:nach|vor|stunde))|funftel|zehntel|halfte',
    'tercios?|(?:cuarta|tercera|quinta|decima) parte|mitad(?! de (?:la )?semana)',
    'tihai|tihaai|chauthai|chauthaai|तिहाई|चौथाई',
  ].join('|'),
);
const ARTICLE = word('one|a single|en|ett|ein|eine|einen|einem|un|uno|una|ek|एक');

export const CURRENCY =
  '[€$£₹¥₽₺₩]|:-|' +
  unit(
    'kr|kronor|kronan|krona|sek|nok|dkk|tkr|spann|tusenlapp\\p{L}*|euros?|eur|cents?|dollars?|usd|bucks?|quid|pounds?|gbp|franken|chf|pesos?|mxn|rupees?|rupaye|rupay|rupaiye|rupaya|rs|inr|paise|रुपये|रुपए|रुपया|रू|रु|डॉलर|यूरो',
  );
export const PERCENT = `[%‰]|${unit('percent|per cent|procent\\p{L}*|prozent\\p{L}*|por ciento|pratishat|fisdi|feesdi|प्रतिशत|फीसदी|फीसद')}`;
const SPAN = word(
  [
    'minutes?|hours?|days?|weeks?|months?|years?|miles?|km|kilomet\\p{L}+|kwh|seats?|owners?',
    'minut\\p{L}*|timm\\p{L}+|dagar(?:s)?|dygn|veck\\p{L}+|manad\\p{L}*|ar|ars|mil',
    'stunden?|tage?n?|wochen?|monate?n?|jahre?n?',
    'minutos?|horas?|dias?|semanas?|mes(?:es)?|anos?',
    'minat|ghante?|din|dino|haft[ae]|mahin[ae]|mahino|saal|salon?',
    'मिनट|घंट[ेा]|दिन|दिनों|हफ्त[ेा]|महीन[ेा]|साल|सालों|किलोमीटर',
  ].join('|'),
);
const INTEREST = word('interest|deposit|down|ranta|zinsen|anzahlung|intereses|enganche|entrada|byaa?j|ब्याज');

/** A sum as people call it: "45k", "five grand", "ek lakh". */
export const CALLED_SUM = new RegExp(
  `(?:${SMALL}|${ARTICLE}|${LARGE}|(?<![\\p{L}])a|\\p{N}|\\u241f)\\s*${SLANG}|${word('laa?kh|lac|karod|crore|hazaa?r|hajaa?r|thousand|लाख|हजार|करोड')}|${part('tusen|tausend')}`,
  'gu',
);

/** Every number in words, with what makes it one. */
export const NUMBER_WORDS: readonly RegExp[] = [
  new RegExp(LARGE, 'gu'),
  new RegExp(`${SMALL}[\\s-]+(?:\\p{L}+\\s+)?(?:${CURRENCY}|${PERCENT}|${SPAN}|${INTEREST})`, 'gu'),
  new RegExp(`${ARTICLE}\\s+(?:\\p{L}+\\s+)?(?:${CURRENCY}|${PERCENT})`, 'gu'),
  CALLED_SUM,
  new RegExp(READ_OUT, 'gu'),
  new RegExp(SHARES, 'gu'),
];
