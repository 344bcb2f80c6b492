/** German words by concept, of Germany, Austria and Switzerland. */
export const words = {
  ME: 'mich mir uns mein meine meinen meinem unser unsere unseren',
  ICH: 'ich wir',
  YOU: 'sie ihr du euch ihnen dich dir man',
  THEY: 'sie ihr niemand er jemand techniker monteur handwerker klempner elektriker installateur fahrer chauffeur verkäufer makler kollege kollegin berater mitarbeiter herr service firma team',
  NUM1: 'numtoken ein eine eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf halb halb viertel paar',
  MOD: 'kann können könnte könnten könnt kannst möchte möchten will wollen würde würden dürfte darf dürfen mag muss müssen soll sollen lässt',

  DAY: `montag* dienstag* mittwoch* donnerstag* freitag* samstag* sonnabend* sonntag* heute morgen übermorgen wochenende we
    januar februar märz april mai juni juli august september oktober november dezember daytoken`,
  CLOCK:
    'clocktime uhr mittags mittag vormittag vormittags nachmittag nachmittags abend abends morgens früh mitternacht feierabend heutemorgen',
  SOON: 'bald asap später sofort zeitnah schnellstmöglich',

  APPT: `termin* probefahrt* besichtigung* besichtigungstermin* buchung* reservierung* treffen besuch beratung beratungstermin* gespräch vorführung demo
    abholung fahrt hausbesuch* vor-ort-termin ortstermin* begehung* inspektion* einbau montage slot besichtigungs*`,
  BOOKV:
    'buchen buche bucht reservieren reserviere reserviert vereinbaren vereinbare ausmachen abmachen einplanen eintragen vormerken bestellen buch reservier reserviern beauftragen',
  COMEV:
    'kommen komme kommt komm vorbeikommen vorbeikomme vorbeischauen vorbeischaue besichtigen besichtige anschauen anschaue ansehen ansehe angucken besuchen treffen probefahren abholen vorbeifahren reinschauen testen',
  CANCELV: 'absagen stornieren canceln streichen',
  CANCEL:
    'absagen absage abgesagt storniere stornieren storniert stornierung storno canceln cancel streichen streiche abblasen cancele sagab',
  MOVEV:
    'verschieben verschiebe verlegen verlege ändern ändere tauschen wechseln umbuchen vorziehen schieben schiebe verschoben',
  MOVE: `verschieben verschiebe verschiebt verlegen verlege verlegt umbuchen umbuchung verschiebung terminverschiebung terminänderung vorverlegen ausweichtermin ersatztermin
    alternativtermin verschoben vorziehen umdisponieren umplanen terminänderungen verschieb`,
  CALL: 'anrufen anruf ruf rufen rufe rückruf zurückrufen telefonieren telefonisch telefonat telefon klingeln durchklingeln anrufe ruft',
  CALLV: 'anrufen anrufe anruft zurückrufen zurückruft rückrufen durchklingeln kontaktieren telefonieren',

  PRICE: `preis preise preises preislich kosten kostet koste kostenpunkt gebühr gebühren angebot angebotspreis rate monatsrate leasingrate kostenvoranschlag miete kaltmiete warmmiete nebenkosten endpreis
    festpreis stundensatz stundenlohn pauschale pauschalpreis anfahrtskosten provision honorar tarif tarife preisliste günstiger billiger
    preisspanne preisvorstellung preisrahmen listenpreis gesamtpreis aufpreis vb schlussrate`,
  FINANCE:
    'raten zins zinsen anzahlung finanzierung finanzieren mwst mehrwertsteuer steuer steuern kaution ratenzahlung bezahlen zahlen',
  DISCOUNT:
    'rabatt rabatte nachlass preisnachlass verhandelbar verhandeln skonto verhandlungsbasis verhandlungsspielraum sonderangebot runter handeln',
  HOWMUCH: 'kostenpunkt kostenvoranschlag preisvorstellung endpreis preisliste stundensatz',

  CAN: 'kann können könnte könnten könnt kannst möglich geht ginge darf dürfen dürfte',
  WANT: 'möchte möchten will wollen würde hätte hätten brauche brauchen benötige benötigen suche suchen bräuchte bräuchten mag wünsche',
  NEG: 'nicht kein keine keinen keinem keiner nie niemals nix nichts ohne weder ned net',
  IF: 'wenn falls ob sofern',
  HOURS: 'geöffnet öffnungszeiten offen öffnen öffnet schließen schliesst schließt geschlossen auf',
  TOPIC: `adresse standort parkplatz parkplätze parken parkmöglichkeit garantie gewährleistung
    kilometerstand kilometer km laufleistung farbe farben größe lieferung liefern lieferzeit liefert versand versicherung versichert inklusive enthalten inbegriffen inzahlungnahme
    inzahlung verfügbar verfügbarkeit lager modell baujahr unterlagen dokumente papiere führerschein einzugsgebiet gebiet haustiere hund kindersitz kindersitze
    plätze sitze sitzplätze zimmer balkon aufzug automatik schaltgetriebe diesel benziner elektro hybrid reichweite gepäck vertrag vertragslaufzeit laufzeit
    kündigungsfrist karte bar barzahlung rechnung unfallfrei tüv hu scheckheft scheckheftgepflegt winterreifen sommerreifen vorbesitzer verbrauch zustand anhängerkupplung ausstattung
    notdienst zertifiziert meisterbetrieb wohnfläche einbauküche bezugsfrei bezugsfertig referenzen mindestlaufzeit tiefgarage keller vermietet nichtraucherfahrzeug`,

  YES: 'ja jo joa jawohl jep jup natürlich gerne gern sicher unbedingt selbstverständlich definitiv jaa jaaa jawoll jaklar absolut yes logo',
  INTEREST:
    'interesse interessiert interessiere interessieren interessierte interessant interessante interessent neugierig',
  LIKE: 'liebe toll tolle tolles super klasse schön schöne schönes schick wunderschön perfekt traumhaft traum geil mega hammer fantastisch großartig top spitze wunderbar cool genial begeistert gefällt gefallen verliebt prima traumhaus traumwagen traumauto wahnsinn ausgezeichnet',
  THING: `auto wagen fahrzeug pkw bmw audi golf vw mercedes tesla opel skoda limousine limo stretchlimo transfer shuttle taxi wohnung haus eigentumswohnung
    heizung therme boiler wasserhahn rohr rohrbruch klempner elektriker installateur handwerker webseite website homepage kampagne seo werbung bad küche
    toilette abfluss dach klimaanlage bus kleinbus chauffeur fahrer suv kombi transporter`,

  NO: 'nein nö nee ne nope nä nein nein',
  NONO: 'danke dankeschön dank merci',
  ANGRY: `unverschämt unverschämtheit frechheit unfassbar unmöglich katastrophe katastrophal miserabel mies miese mieser schlecht schlechte schlechter schlechten schlechteste sauer wütend
    verärgert ärgerlich ärger enttäuscht enttäuschend enttäuschung inakzeptabel unprofessionell unseriös unseriöse unfreundlich unfreundliche unhöflich lächerlich beschwerde beschweren beschwere
    reklamation reklamieren reklamiere betrug betrüger abzocke abzocker abgezockt lügner gelogen lügen belogen saftladen sauerei zumutung nervig nervt unzuverlässig inkompetent
    schlamperei pfusch gepfuscht mangelhaft unterirdisch grottenschlecht grottig dreist dreistigkeit peinlich beschissen scheisse scheiße scheiss scheiß scheissladen skandal verarscht verarschen verarsche
    hingehalten anwalt verbraucherzentrale unzufrieden frustriert frustrierend wahnwitz armselig armutszeugnis traurig stinksauer witz`,
  REFUND: 'rückerstattung erstattung erstatten rückzahlung entschädigung schadensersatz schadenersatz rückabwicklung',
  ACT: `gemeldet meldet zurückgerufen angerufen zurückruft gekommen erschienen geantwortet aufgetaucht geschickt kam ruft antwortet geht meldete rief erreichbar erreiche
    erreicht informiert gesagt bescheid rückmeldung zurückgemeldet kommt abgehoben ran aufgekreuzt reagiert gehalten bekommen kümmert geschrieben zurück abgeholt erledigt geliefert`,
  BADSERVICE:
    'service kundenservice kundendienst beratung kommunikation arbeit leistung qualität erfahrung umgang erreichbarkeit organisation verhalten stil',

  TECH: `dashboard bericht meeting-link portal passwort kennwort link login einloggen anmeldung code app formular konto account datei dokument upload hochladen herunterladen download
    fehlermeldung anhang pdf pin tan bestätigungscode verifizierung wlan qr-code qr profil benutzername kundenkonto button online-formular onlineformular foto fotos browser
    zugang zugangsdaten registrierung registrieren kundenportal`,
  TECHV:
    'einloggen anmelden öffnen öffnet laden lädt hochladen finden finde runterladen herunterladen zugreifen abschicken absenden ausfüllen funktioniert funktionieren geht gehen registrieren rein reinkommen klappt komme speichern ändern zurücksetzen löschen unterschreiben sehen bezahlen akzeptiert angezeigt',
  TROUBLE:
    'fehler fehlermeldung gesperrt abgelaufen ungültig kaputt hängt abgestürzt stürzt störung problem probleme error spinnt defekt',
  HELPWHO: 'jemand mensch mitarbeiter support kundenservice kundendienst berater',

  THANKS: 'danke dankeschön dank bedanke bedanken dankbar merci thx dankend danköö vergelts thanks dankee',
  OK: 'ok okay okey oki alles gut gut klar verstanden verstehe passt in ordnung aha achso ach so super prima perfekt notiert bestens jut tip top haha hm hmm jaja einverstanden erhalten angekommen',
  BUSYW: 'unterwegs beschäftigt arbeiten arbeite meeting besprechung urlaub',
  POLITE: `hallo hi hey moin servus grüß grüezi gott guten tag abend bitte sehr schön schönen viele vielen liebe lieben grüße gruß lg mfg vg freundliche freundlichen ihnen dir euch sie die das der
    für auch noch ihr ihre schnelle antwort hilfe und so sehr recht herzlichen herzlich tausend nochmal mal ganz aber dann es ist ich wir doch infos info nachricht rückmeldung mühe wochenende einen
    ein eure deine nett super`,
  STAFF:
    'fahrer chauffeur monteur techniker installateur klempner elektriker handwerker verkäufer makler mitarbeiter mitarbeiterin kollege kollegin berater leute jungs personal empfang azubi geselle',
  BILL: 'rechnung rechnungen abrechnung angebot kostenvoranschlag beleg betrag mahnung lastschrift',
  GRUMBLE:
    'ausreden ausrede kaputt ausgefallen dreimal zweimal aufgelegt bezahlt schaden falsch schlimmer wochen hingehalten',
  SITE: 'webseite website seite homepage',
};
