import type { CheckCode } from './types.ts';

/*
 * Words that promise something, in five languages, as patterns on plain text (lower case, no accents). All of them are
 * looked for whatever the language of the conversation is. Generous on purpose: what is held back is shown to a person,
 * what slips through binds the business.
 */

interface Claim {
  code: CheckCode;
  /** A question, or handing the matter to a person, is no claim. */
  weak?: true;
  patterns: readonly string[];
}

export const CLAIMS: readonly Claim[] = [
  {
    code: 'discount',
    patterns: [
      'discount\\w*|rebates?|price cut|money off|special (?:offer|price|deal)|on sale|sale price|half[ -](?:the )?price|half off|cheap(?:er|est)|lowest price|best price|price match|vouchers?|coupons?|cash ?back|bargain|(?:good|great|better) deal|knock\\w* .{0,20}off',
      '\\p{L}*rabatt\\p{L}*|nedsatt pris|prisnedsat\\p{L}*|specialpris\\p{L}*|kampanj\\p{L}*|rea(?:pris)?|halva priset|halvt pris|billiga(?:re|ste?)|lagsta pris\\p{L}*|basta pris\\p{L}*|prisgaranti|presentkort|erbjudande\\p{L}*',
      '\\p{L}*nachlass\\p{L}*|sonderangebot\\p{L}*|sonderpreis\\p{L}*|halben preis|halber preis|gunstiger\\p{L}*|gunstigst\\p{L}*|billiger\\p{L}*|billigst\\p{L}*|tiefpreis\\p{L}*|bestpreis\\p{L}*|aktionspreis\\p{L}*|gutschein\\p{L}*|skonto|besten preis|bester preis',
      'descuent\\p{L}*|rebaj\\p{L}*|ofertas?|promocion\\p{L}*|mitad de precio|precio especial|mejor precio|mas barat\\p{L}*|cupon\\p{L}*|ganga',
      'chh?oot|chhut|aadhe? (?:daam|keemat|kimat|price)|sabse sast\\p{L}+|sasti|sasta|छूट|डिस्काउंट|आधे दाम|आधी कीमत|सस्त[ेाी]|कैशबैक|ऑफर',
    ],
  },
  {
    code: 'price',
    patterns: [
      'for free|free of charge|free (?:service|servicing|delivery|tyres?|tires?|insurance|upgrade|winter|maintenance|charging|gift|accessor\\w+|car|extras?|of)|complimentary|(?:at )?no (?:extra |additional )?(?:cost|charge|fee)s?|on the house|costs? nothing|included in the price',
      'gratis|kostnadsfri\\p{L}*|utan (?:extra )?kostnad|pa kopet|ingar i priset|vi bjuder|kostar ingenting|kostar inget',
      'kostenlos\\p{L}*|kostenfrei\\p{L}*|umsonst|ohne aufpreis|im preis (?:enthalten|inbegriffen)|geht aufs haus|geschenkt\\p{L}*|schenken',
      'gratuit\\p{L}*|sin (?:ningun )?(?:costo|coste|cargo)\\p{L}*|incluid[oa] en el precio|de regalo|regalamos|invita la casa',
      'muft|bilkul free|free mein|free me|bina (?:kisi )?(?:paise|charge|shulk)|मुफ्त|फ्री|निशुल्क|नि:शुल्क',
    ],
  },
  {
    code: 'price',
    weak: true,
    patterns: [
      "pric(?:e|es|ed|ing)|throw\\w* in|thrown in|includ(?:ed|es|ing)|comes? with|(?:is|are|be) on us|cover(?:ed)? by us|we(?: will|'ll)? (?:cover|pay)|pays? nothing|(?:nothing|not) to pay|without paying",
      'pris(?:et|er|erna|lapp\\p{L}*)?|folj(?:er|a) med|ingar|inkluder\\p{L}*|slang(?:er|a) (?:vi )?in|bjuder (?:vi )?pa|star (?:vi )?for|betalar (?:ingenting|inget|inte)',
      'preis(?:e|en|es)?|inklusive|inbegriffen|enthalten|(?:ist|sind) (?:mit |schon |auch )?dabei|(?:leg\\p{L}*|gib\\p{L}*|geb\\p{L}*|pack\\p{L}*) (?:\\p{L}+ ){0,4}(?:drauf|dazu|obendrauf)|drauflegen|(?:ubernehmen|zahlen|bezahlen) wir|wir (?:ubernehmen|zahlen|bezahlen)|(?:zahlen|bezahlen) sie (?:nichts|nix)|auf unsere kosten',
      'precios?|inclui\\p{L}*|incluye\\p{L}*|por (?:nuestra cuenta|cuenta nuestra)|a nuestro cargo|ponemos|(?:no )?(?:paga|pagara|pagas|pagan) nada|sin pagar|no tiene que pagar',
      'daam|dam|keemat|kimat|price|rate|bhaav|saath (?:mein |me )?(?:mil|de)\\p{L}*|shamil|hamari (?:taraf|or) se|kuch (?:bhi )?nahi dena|kuch nahi lag\\p{L}*|दाम|कीमत|रेट|शामिल|साथ (?:में |मे )?(?:मिल|दे)[\\p{L}\\p{M}]*|हमारी (?:तरफ|ओर) से|कुछ नहीं देना',
    ],
  },
  {
    code: 'discount',
    patterns: [
      '(?:come|coming|go|going|bring|bringing) (?:\\w+ ){0,3}down (?:a bit|a little|on|to|from|in price|for you)|(?:meet|met) you (?:half ?way|in the middle)|shav\\w+ .{0,20}off|tak\\w+ .{0,20}off(?! (?:your|the) (?:hands|lot))|match (?:that|it|their|your)',
      'prut\\p{L}*|ga(?:r)? (?:vi )?ner|drar? (?:vi )?av|moter? (?:vi )?(?:dig|er) pa (?:halva|mitten)',
      '(?:komm\\p{L}*|entgegen) (?:ihnen |dir |wir )*entgegen(?:kommen)?|entgegenkommen|nachlassen|(?:gehe\\p{L}*|geht) (?:\\p{L}+ ){0,4}(?:runter|herunter|nach unten)|am preis (?:etwas )?(?:machen|drehen)',
      '(?:le |les )?quit(?:amos|o|aremos)|baj(?:amos|o|aremos|arlo|arle|arselo|ar el)|ajust(?:ar|amos) el|menos de (?:eso|lo que)',
      '(?:thoda|kuch|aur|daam|price|rate) (?:\\p{L}+ ){0,2}kam (?:kar|ho|de)\\p{L}*|ghata\\p{L}*|कम (?:कर|हो)[\\p{L}\\p{M}]*|घटा[\\p{L}\\p{M}]*',
    ],
  },
  {
    code: 'promise',
    patterns: [
      'consider it (?:done|sold|yours)|(?:you can|you may) have (?:it|the \\w+|this|that)(?: \\w+)? (?:at|for)|(?:fine|ok|okay|good|happy|agree\\w*) with (?:us|that (?:price|sum|figure|amount|number)|your (?:price|offer|figure|number))|(?:fine|ok|okay|good) (?:by|for) us|we (?:accept|can accept|can live with|can do (?:that|it|this) (?:price|for))|it is a done',
      'godta\\p{L}*|accepter\\p{L}*|(?:bra|fint|ok|okej) for oss|da sager vi (?:sa|det)|den ar din|vi kor pa det',
      '(?:in ordnung|ok|okay|passt|geht|gut) (?:fur|bei) uns|(?:fur|bei) uns (?:in ordnung|ok|okay|passt)|geht fur uns|akzeptier\\p{L}*|konnen sie (?:ihn|sie|es|das|den)(?: \\p{L}+)? haben|so machen wir (?:das|es)|gehort ihnen',
      'nos parece (?:bien|justo|correcto)|se lo (?:dejamos|dejo|damos|doy|vendemos|queda)|acept(?:amos|o|ado|ada)|es suyo|trato cerrado',
      'manzoor|manjoor|manzur|le jaiye|le jao|le jaiega|(?:daam|keemat|price|rate) (?:par|pe|mein|me) (?:theek|thik|ok|chal\\p{L}*|de)|मंजूर|ले जाइए|ले जाओ|(?:दाम|कीमत) (?:पर|में) (?:ठीक|दे)[\\p{L}\\p{M}]*',
    ],
  },
  {
    code: 'availability',
    patterns: [
      "in stock|out of stock|(?<!(?:you|times?|is) )available(?! times?)|is (?:still )?available|sold out|not (?:yet )?sold|still (?:for sale|unsold|here|there)|reserved|reserve (?:it|one|the|this|that)|(?:hold|holding|held|keep|keeping|kept|set|setting) (?:it|one|the \\w+|this|that)(?: \\w+)? (?:for you|aside|back|until|till)|on the lot|ready for (?:pick ?up|collection|you)|(?:last|only) one left|the last one|we have (?:it|one|several|plenty)|is yours|it's yours",
      'i lager|pa lager|finns (?:\\p{L}+ )?(?:kvar|hemma|inne)|ar (?:fortfarande )?(?:kvar|ledig\\p{L}*)|tillganglig\\p{L}*|reserver\\p{L}+|sista exemplaret|slutsald\\p{L}*|inte sald|haller (?:den|bilen) at dig|star kvar|ar din\\b',
      'auf lager|vorratig\\p{L}*|verfugbar\\p{L}*|reservier\\p{L}+|noch da|noch zu haben|sofort lieferbar|zuruckgelegt|halte\\p{L}* .{0,30}frei|ausverkauft|letzte exemplar|steht (?:fur sie )?bereit|gehort ihnen',
      'en stock|en existencia\\p{L}*|disponibles?|reservad\\p{L}+|reservamos|apartad\\p{L}+|apartamos|ultima unidad|agotad\\p{L}+|sigue a la venta|todavia lo tenemos|aun lo tenemos|es (?:suyo|tuyo)',
      'stock mein|stock me|available|reserve\\p{L}*|aakhri (?:gaadi|gadi|piece)|taiyaar hai|स्टॉक में|उपलब्ध|रिजर्व|आरक्षित|आखिरी गाडी',
    ],
  },
  {
    code: 'finance',
    patterns: [
      'interest[ -]free|(?:no|zero) interest|(?:no|zero|nothing) (?:down|deposit|down payment)|guaranteed approval|(?:pre-?)?approved',
      'rantefri\\p{L}*|utan (?:ranta|kontantinsats)|(?:lan|kredit)\\p{L}* (?:ar )?(?:beviljat|beviljad|godkan\\p{L}+)',
      'zinsfrei\\p{L}*|zinslos\\p{L}*|ohne (?:zinsen|anzahlung)|(?:kredit|finanzierung) (?:ist |wurde )?(?:genehmigt|zugesagt)',
      'sin (?:intereses|enganche|entrada|anticipo)|(?:credito|financiacion|prestamo) (?:esta )?aprobad\\p{L}+',
      'bina (?:byaa?j|down payment)|loan (?:approve|pass|pakka)\\p{L}*|बिना ब्याज|बिना डाउन पेमेंट|लोन (?:अप्रूव|पास|पक्का)',
    ],
  },
  {
    code: 'finance',
    weak: true,
    patterns: [
      'leas(?:e|es|ing)|loans?|financ\\w+|down ?payments?|instal?lments?|monthly (?:payment|cost|rate)s?|apr|interest rates?|credit',
      '\\p{L}*leasing\\p{L}*|leasa\\p{L}*|\\p{L}*ranta\\p{L}*|avbetalning\\p{L}*|kontantinsats\\p{L}*|finansier\\p{L}*|manadskostnad\\p{L}*|restvarde\\p{L}*|kredit\\p{L}*',
      'leasen|\\p{L}*finanzier\\p{L}*|zins(?:en|satz|satze)?|anzahlung\\p{L}*|monatsrate\\p{L}*|leasingrate\\p{L}*|ratenzahlung\\p{L}*|in raten',
      'financia\\p{L}*|creditos?|prestamos?|cuotas?|intereses|tae|enganche|anticipo|mensualidad\\p{L}*|renting',
      'loan|emi|byaa?j|kist\\p{L}*|लोन|ईएमआई|ब्याज|किस्त\\p{L}*\\p{M}*|फाइनेंस|डाउन पेमेंट',
    ],
  },
  {
    code: 'delivery',
    weak: true,
    patterns: [
      'deliver(?:y|ed|ies|s|ing)?|lead time|(?<!you )arriv(?:e|es|al|ing)|shipp(?:ed|ing)|(?:is|be|are) ready (?:on|by|in|for)',
      'leveran\\p{L}+|leverer\\p{L}+|ar klar (?:pa|till|om)',
      '\\p{L}*liefer\\p{L}*|ubergabetermin\\p{L}*|abholbereit',
      'entreg[ao]\\p{L}*|entregam\\p{L}+|envio|envios|plazo',
      'delivery|deliver|mil jaye?g[ia]|डिलीवरी|मिल जाएग[ीा]',
    ],
  },
  {
    code: 'promise',
    patterns: [
      "guarante\\w*|warrant(?:y|ies)|promise\\w*|(?:we|i)(?: will|'ll)(?! (?:pass|ask|forward|check with|let|leave|not guess)\\b)|(?:we|i)(?: are|'re| am|'m) going to|definitely|(?:legally )?binding|no takesies\\w*|it's a deal|we have a deal|deal is (?:done|yours)|(?:you have )?my word|no obligation|money[ -]back|refund\\w*|you(?: will|'ll) (?:get|have|receive|save|own|pay)|entitled|rest assured|agreed price|confirmed price|contract|100 ?%|we commit|we undertake|we agree|i agree|agreed|accept(?:ed)? your offer",
      'garant\\p{L}*|lov(?:ar|at|ade)|(?:vi|jag) (?:ska|skall|kommer att)(?! (?:fraga|lamna|be|halsa)\\b)|definitivt|bindande|overenskom\\p{L}*|vi ar overens|oppet kop|pengarna tillbaka|aterbetal\\p{L}*|du (?:far|slipper|sparar|betalar)(?! garna\\b)|mitt ord|utan forpliktelse\\p{L}*|kontrakt\\p{L}*|avtalat|affaren ar klar',
      '\\p{L}*garanti\\p{L}*|gewahrleist\\p{L}*|versprech\\p{L}*|versprochen|verbindlich\\p{L}*|(?:wir werden|ich werde)(?! (?:fragen|nachfragen)\\b)|auf jeden fall|definitiv|geld zuruck|ruckerstatt\\p{L}*|ruckgaberecht|sie (?:bekommen|erhalten|sparen|zahlen)|abgemacht|vertrag\\p{L}*|zusichern|zugesichert|mein wort|wir sorgen dafur|einverstanden mit',
      'garanti[az]\\p{L}*|promet\\p{L}+|promesa\\p{L}*|compromet\\p{L}+|le aseguro|aseguramos|vinculante|trato hecho|le (?:daremos|haremos|damos|hacemos|regalamos)|vamos a (?:dar|hacer|regalar|enviar|reservar|entregar)\\p{L}*|reembols\\p{L}*|devolucion\\p{L}*|sin compromiso|contrato\\p{L}*|mi palabra|usted (?:recibira|pagara|ahorra)\\p{L}*|aceptamos su',
      'guarantee\\p{L}*|warranty|vaa?da|pakka (?:hai|milega|milegi|denge|karenge|de|kar)|zaroor mileg[ai]|hum (?:\\p{L}+ ){0,3}(?:denge|karenge|bhejenge|dilayenge)|paise wapas|refund|contract|deal (?:pakki|done)|गारंटी|वारंटी|वादा|हम (?:[\\p{L}\\p{M}]+ ){0,3}(?:देंगे|करेंगे)|पैसे वापस|रिफंड|कानूनी|बाध्यकारी|डील (?:पक्की|डन)|पक्का मिलेग[ाी]',
    ],
  },
  {
    code: 'others',
    patterns: [
      '(?:other|another|previous|different) (?:customer|client|buyer|lead)s?|someone else (?:is|has|wants|bought)',
      '(?:andra|annan|en annan|tidigare) (?:kund|spekulant|kopare)\\p{L}*|nagon annan (?:har|vill|ar)',
      '(?:andere[rnsm]?|weitere[rn]?) (?:kund|interessent|kaufer)\\p{L}*',
      'otr[oa]s? (?:cliente|comprador|interesad)\\p{L}*',
      '(?:doosre|dusre|doosra|dusra) (?:customer|grahak|khareedaar)|(?:दूसरे|दूसरा|अन्य) (?:ग्राहक|कस्टमर|खरीदार)',
    ],
  },
];

/** Handing the matter to a person: then weak words are not claims. */
export const DEFERS = new RegExp(
  [
    '(?:can|could) (?:tell|give|help|explain|confirm|answer|walk|go)|knows? (?:more|about|best|better|what|which|whether|the (?:exact|answer|details|figures|price|terms))|checks?|get back|passed|(?:have )?asked|let \\p{L}+ know',
    'kan (?:beratta|ge|hjalpa|svara|forklara|ga igenom|bekrafta)|vet mer|aterkommer|fragat|lamnat|bett|vidare till',
    'kann .*(?:sagen|nennen|geben|erklaren|helfen|bestatigen|beantworten)|weitergegeben|gebeten|meldet sich|gefragt',
    'puede (?:decir|dar|explicar|ayudar|confirmar|responder)\\p{L}*|he pasado|ha pasado|consult\\p{L}+|he pedido',
    'bata (?:sak|de|di)\\p{L}*|de diya|pahuncha|pooch\\p{L}*|बता सक\\p{L}*|पहुंचा|पूछ',
  ].join('|'),
  'u',
);

/** A day or a date: who names one claims it, whatever stands around it. */
export const DAYS = new RegExp(
  `(?<![\\p{L}\\p{M}])(?:${[
    'mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|today|tonight|tomorrow|(?:next|this|within a|in a) (?:week|month|year)|january|february|march|april|june|july|august|september|october|november|december',
    '(?:mandag|tisdag|onsdag|torsdag|fredag|lordag|sondag)\\p{L}*|idag|ikvall|imorgon|i (?:dag|morgon|kvall)|(?:nasta|denna|om en) (?:vecka|manad)|januari|februari|mars|maj|juni|juli|augusti|oktober',
    '(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)\\p{L}*|heute|morgen|ubermorgen|(?:nachste\\p{L}*|diese\\p{L}*|in einer|kommende\\p{L}*) (?:woche|monat)|januar|februar|marz|mai|dezember',
    'lunes|martes|miercoles|jueves|viernes|sabado|domingo|hoy|manana|(?:la|el|esta|este|en una) (?:semana|mes)|(?:semana|mes) que viene|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre',
    'som(?:a|v)a?ar|mangal(?:a|v)a?ar|budh(?:a|v)a?ar|guruvar|shukravar|shanivar|ravivar|aaj|kal|parson|agl[ei] (?:hafte|mahine|din)|is (?:hafte|mahine)|सोमवार|मंगलवार|बुधवार|गुरुवार|शुक्रवार|शनिवार|रविवार|आज|कल|परसों|अगले (?:हफ्ते|महीने)',
  ].join('|')})(?![\\p{L}\\p{M}])`,
  'u',
);
/** "…, all right?": a question mark behind a statement. */
export const TAG =
  /[,;–-] ?(?:all right|alright|right|ok|okay|yes|yeah|agreed|deal|isn't it|aren't we|eller hur|eller|va|visst|inte sant|ja|oder|nicht wahr|stimmt's|gell|einverstanden|vale|verdad|no|si|de acuerdo|eh|theek hai|thik hai|haan|na|theek|ठीक है|हां|है ना|na ji) ?\?\s*$/u;
