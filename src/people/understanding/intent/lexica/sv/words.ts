/** Swedish words by concept, with the shorthand of text messages. */
export const words = {
  ME: 'mig mej oss mitt min mina vårt våra',
  JAG: 'jag vi ja man',
  YOU: 'ni du dig dej er ert era din ditt dina dom',
  THEY: 'ni du de dom han hon någon nån montören montör rörmokaren rörmokare elektrikern teknikern hantverkaren hantverkarna säljaren mäklaren chauffören föraren killen tjejen kollegan firman',
  NUM1: 'numtoken ett två tre fyra fem sex sju åtta nio tio elva tolv halv kvart',
  MOD: 'kan kunde skulle vill får ska behöver måste',

  DAY: `måndag* tisdag* onsdag* torsdag* fredag* lördag* söndag* tis ons tors fre lör idag imorgon imorn imorron imorrn ikväll inatt
    övermorgon helgen helg januari februari mars april maj juni juli augusti september oktober november december veckan`,
  CLOCK:
    'clocktime lunch lunchen lunchtid eftermiddag eftermiddagen förmiddag förmiddagen morgonen kväll kvällen kvällstid middag klockan kl',
  SOON: 'snart snarast asap senare direkt när',

  APPT: `tid tiden besök besöket visning visningen provkörning provkörningen provköra möte mötet bokning bokningen besiktning besiktningen
    hembesök konsultation demo genomgång mötestid hämtning hämtningen resa resan installation installationen service servicen intervju tider
    uthyrning tvättid avtal avtalad bokade inbokade bokat`,
  BOOKV: 'boka bokar boka reservera reserverar beställa beställer avtala bestämma bestämmer bokas',
  COMEV: 'komma kommer kom kika titta tittar kolla kollar svänga svänger hälsa passera träffas träffa ses dyka',
  CANCELV: 'avboka avbokar avbokas ställa ställer inställt avbryta',
  CANCEL: 'avboka avbokar avbokas avbokad avbokning avbeställa avbeställer avbokat cancel cancla',
  MOVEV: 'flytta flyttar byta byter skjuta skjuter ändra ändrar byt flytt',
  MOVE: `omboka ombokar omboka ombokning ombokad senarelägga tidigarelägga framflytta uppskjuta skjutas`,
  CALL: 'ring ringa ringer ringde samtal telefon telefonsamtal uppringd slå slår',
  CALLV: 'ring ringa ringer ringas kontakta kontaktar',

  PRICE: `pris priset priser prislista slutpris slutpriset prisexempel prisuppgift kostar kostnad kostnaden kostnader kosta avgift avgiften avgifter offert offerten månadskostnad månadskostnaden
    timpris timpriset timdebitering hyra hyran taxa taxan framkörningsavgift rotavdrag arvode arvodet milkostnad billigare billigast dyrt
    prisförslag kostnadsförslag kostnadsförslaget fastpris insats insatsen leasingavgift belopp summa summan mäklararvode`,
  FINANCE:
    'moms momsen handpenning handpenningen kontantinsats kontantinsatsen ränta räntan avbetalning delbetalning finansiering betala',
  DISCOUNT:
    'rabatt rabatten rabatter pruta prutmån prutbart förhandla förhandlingsbart erbjudande kampanjpris nedsatt avdrag',
  HOWMUCH: 'kostar prisuppgift kostnadsförslag prisförslag slutpris slutpriset månadskostnad månadskostnaden',

  CAN: 'kan kunde går möjligt möjlighet får',
  WANT: 'vill önskar behöver skulle söker önska vilja',
  NEG: 'inte ej aldrig inget ingen inga icke int inge utan',
  IF: 'om ifall',
  HOURS: 'öppet öppettider öppna öppnar stänger stängt stänga',
  TOPIC: `adress adressen ligger finns parkering parkera garanti garantin miltal mil färg färger färgen
    leverans levererar leverera leveranstid försäkring försäkringen ingår inkluderat inbyte byta lager modell årsmodell dokument papper körkort legitimation
    område områden husdjur hund barnstol barnstolar platser säten rum balkong hiss automat manuell diesel bensin elbil hybrid räckvidd bagage
    villkor kort swish kontant faktura skick utrustning dragkrok besiktigad servicebok vinterdäck förbrukning ägare certifierade behörighet
    jour dygnet tillgänglig tillgängligt kvar storlek yta byggår förening uppsägningstid bindningstid`,

  YES: 'ja japp jajamän jajamensan jo jao jaa javisst självklart absolut visst jepp jap yes gärna jättegärna okidoki givetvis jadå',
  INTEREST: 'intresserad intresserade intresserat intresse intressant nyfiken sugen sugna intreserad',
  LIKE: 'älskar älskade gillar gillade snygg snyggt snygga fin fint fina grym grymt fantastisk fantastiskt underbar underbart härlig läcker toppen perfekt perfect superbra kanon kanonbra toppenbra bra jättebra jättefin drömbil drömhus skitsnygg strålande',
  THING: `bil bilen bilar volvo volvon bmw audi golf tesla saab kia limousine limousinen limo transfer taxi lägenhet lägenheten hus huset villa villan
    panna pannan värmepump rörmokare elektriker hantverkare hemsida kampanj kök badrum avlopp tak element kran kranen diskmaskin seo annonser
    buss minibuss chaufför`,

  NO: 'nej nä nää nix nope nejdå näe naj icke neej nej',
  NONO: 'tack tackar',
  ANGRY: `dåligt dålig dåliga skandal skandalöst uselt usel usla besviken besvikna besvikelse oacceptabelt oprofessionellt otrevlig otrevligt otrevliga oförskämd oförskämt
    katastrof katastrofalt skamligt urdåligt urusel urusla värdelöst värdelös värdelösa lurad lurade lurendrejeri bedrägeri bedragare missnöjd missnöjda
    arg förbannad irriterad irriterande frustrerad frustrerande klagomål klaga klagar reklamera reklamation reklamerar skit skitdåligt kass kasst pinsamt löjligt
    ljuger ljög ljugit lögn lögner nonchalant slarvigt slarv hopplöst hopplösa sämst sämsta fiasko bluff skämt struntprat arn urdålig illa skandal`,
  REFUND: 'återbetalning återbetala pengarna ersättning kompensation häva hävning konsumentverket',
  ACT: `hört ringt svarat kommit dykt återkommit kontaktat hörde ringde svarade kom dök svarar ringer kommer hör återkommer återkopplat återkopplar
    meddelat sagt sa gjort lagat fixat levererat berättade berättat`,
  BADSERVICE:
    'service servicen bemötande bemötandet kommunikation kundtjänst kvalitet arbete jobb stil upplevelse information support',

  TECH: `möteslänken möteslänk rapporten instrumentpanelen panelen ladda laddar logga loggar login inloggning inloggningen lösenord lösenordet portalen portal länk länken länkar ladda kod koden appen app formulär formuläret
    konto kontot bilaga bilagan fil filen pdf bankid felmeddelande wifi qr användarnamn sms-kod verifiering knapp knappen mejlet formen profil `,
  TECHV:
    'logga komma öppna ladda se hitta skicka fylla registrera spara signera ändra återställa starta betala fungerar funkar öppnas laddar kommer går byta radera',
  TROUBLE:
    'fel felmeddelande låst  trasig kraschar hänger error utgången ogiltig krånglar strular strul buggar problem',
  HELPWHO: 'någon nån person människa handläggare support kundtjänst',

  THANKS: 'tack tackar tacksam tackar tusentack uppskattar uppskattas thanks bugar',
  OK: 'ok okej okey oki okidoki aha jaha jaså visst bra fint uppfattat mottaget noterat förstår förstått kanon toppen perfekt lugnt hmm haha då japp kk mm jasså',
  BUSYW: 'upptagen jobbar kör bortrest utomlands jobb',
  POLITE: `hej hejsan hallå tjena tja snälla gärna bara så mycket för hjälpen svaret och då det vi hörs ha bra dag en ju mvh hälsningar vänliga morsning tusen hjärtligt er dig ni jag är
    var snabba igen ska mvh trevlig helg`,
  STAFF:
    'chauffören föraren montören montör rörmokaren rörmokare elektrikern teknikern säljaren mäklaren killen tjejen kollegan hantverkaren hantverkarna snickaren personalen receptionen grabbarna han hon',
  BILL: 'faktura fakturan räkning räkningen notan offerten avgiften betalningen kvittot fakturerat debiterat',
  GRUMBLE:
    'bortförklaringar bortförklaring ursäkter gånger trasig sönder betalat betalade skadat fel sämre igen fortfarande',
  SITE: 'sida sidan hemsidan hemsida webbsidan',
};
