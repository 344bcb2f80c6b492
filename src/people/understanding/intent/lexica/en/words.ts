/** English words by concept, with text shorthand. */
export const words = {
  ME: 'me us my our',
  IWE: 'i we id wed ive weve im were ill well',
  YOU: 'you u ya yall',
  THEY: 'you u they he she someone somebody driver engineer plumber technician tech guy man fella team agent salesman rep lads lad workman electrician',
  NUM1: 'numtoken one two three four five six seven eight nine ten eleven twelve half quarter',

  DAY: `monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays mon tue tues
    weds thu thur thurs fri today tomorrow tonight tonite 2day 2nite 2moro 2morrow tmrw tmr tmw tomo tomoz tomorow tommorow tomorrows todays weekend
    weekends weekday daytoken january february april june july august september october november december`,
  CLOCK: 'clocktime noon midday lunchtime morning mornings afternoon afternoons evening evenings eve oclock am pm',
  SOON: 'soon asap later anytime whenever',

  APPT: `appointment appointments appt appts apt appoint viewing viewings booking bookings testdrive visit visits slot slots meeting
    consultation consult demo reservation inspection survey session pickup install installation checkup showing tour openhouse
    fitting callout`,
  BOOKV: 'book schedule reserve arrange bookin',
  COMEV: 'come coming visit view meet drop swing pop stop stopping swinging popping dropping',
  WORKS:
    'work works suits suit good fine ok okay great perfect best better ideal free available possible easier doable convenient',
  CANCELV: 'cancel cancelling canceling canx scrap',
  CANCEL: 'cancel cancelling canceling canx',
  MOVEV:
    'move push shift change swap switch bump pushed moved changed swapped moving pushing shifting changing swapping switching',
  MOVE: `reschedule rescheduling reschedual resched rearrange rearranging rebook rebooking postpone postponing postponed rescheduled rearranged
    raincheck`,
  CALL: 'call calls calling ring ringing phone fone telephone dial callback bell buzz tinkle',
  CALLV: 'call ring phone fone telephone dial fonecall facetime',
  CALLED: 'called rang phoned calls rings',

  PRICE: `price prices pricing priced cost costs costing fee fees charge charges rate rates quote quotes quotation estimate estimates msrp otd tariff fare fares
    cheaper cheapest rrp premium surcharge prices ballpark`,
  FINANCE:
    'deposit payment payments instalment instalments installment installments finance financing apr emi tax taxes vat downpayment pcp hp monthlies',
  DISCOUNT: 'discount discounts negotiable negotiate haggle wiggle reduction reduce knock lower voucher coupon',
  HOWMUCH: 'howmuch',

  CAN: 'can could may possible able',
  WANT: 'want wanna need like love looking lookin require hoping wanted',
  NEG: 'not no dont dnt didnt doesnt isnt wasnt wont cant couldnt wouldnt havent hasnt never nvr without arent aint nothing',
  IF: 'if unless whether',
  HOURS: 'open opening opens close closed closing closes hours',
  TOPIC: `address located location parking park warranty guarantee mileage miles colour color colours
    colors size delivery deliver shipping ship insurance insured include included includes including history exchange tradein partex available availability
    stock model year documents paperwork licence license cover area areas pets kids seats seat seater bedrooms garden certified qualified
    automatic manual diesel petrol electric hybrid range luggage passengers terms contract policy accept card cash areas service
    mpg owner owners owned condition specs spec boot engine towbar weekends licensed emergency weekend materials`,

  YES: 'yes yeah yep yup yea yess yesss yepp ye ya aye sure definitely def absolutely certainly yessir yas totally defo',
  INTEREST: 'interested intrested interseted intersted intrigued keen tempted curious interest intrest interesed',
  LIKE: `love loved loving gorgeous beautiful stunning amazing awesome fantastic lovely great brilliant nice excellent wonderful perfect
    superb fab cool wow sick lush beaut stunner`,
  THING: `car cars van suv truck vehicle bmw audi golf volvo tesla ford toyota honda mercedes limo limousine limos ride transfer flat apartment house
    home cottage property boiler heating heater sink tap toilet drain drains pipe leak plumber electrician engineer website seo campaign ads
    roof kitchen bathroom aircon hvac furnace bus minibus coach chauffeur driver quote shuttle`,

  NO: 'no nope nah naw noo nooo negative',
  NONO: 'thanks thank thx ty ta cheers thankyou tks tnx',
  ANGRY: `terrible awful rubbish pathetic disgraceful disgrace disgusting disgusted disgust ridiculous unacceptable shocking appalling appalled
    worst disappointed disappointing unprofessional rude incompetent useless horrible horrendous shambles dreadful ripoff scammers
    lied liars lying liar misleading fuming furious livid annoyed annoying frustrated frustrating unhappy overcharged cowboys
    outrageous atrocious abysmal crap shit shite bullshit sloppy unreliable shambolic laughable joke farce useles disrespectful
    complaint complaints complain complaining wtf infuriating pissed dissatisfied ignored cheated conned misled fobbed unbelievable messed`,
  REFUND: 'refund refunded refunds compensation ombudsman',
  ACT: `came called turned showed replied answered responded rang contacted told bothered picked come call texted helped reply response answer word
    phoned emailed show turn respond answers replies picks answering returned appeared informed followed arrived calls wrote`,
  BADSERVICE:
    'service experience communication customer attitude support workmanship show form job work effort quality timekeeping',

  TECH: `dashboard report reports login logon portal password passwords passcode passwd otp app upload uploading uploaded download link links form error
    account username pdf attachment button browser verification captcha wifi url log profile code pin online qr inbox`,
  TEXTV: 'text txt message msg whatsapp email mail write sms',
  TECHV: `log login access open load sign find get see upload download work working works reset submit send loading loads opening
    opens verify install register attach logging signing enter pay complete book receive connect update change scan`,
  TROUBLE:
    'error broken stuck locked expired invalid 404 crash crashes crashed crashing bug glitch fails failed failing failure frozen freezes blank',
  HELPWHO: 'someone anyone anybody somebody human person agent representative rep operator support advisor adviser',

  THANKS: `thanks thank thx ty tnx thanx thnx tysm cheers ta appreciated appreciate grateful thankyou thankss tks legend lifesaver gracias`,
  OK: 'ok okay okey k kk alright alrite right fine noted understood gotcha roger cool good great perfect hmm hm lol haha oh ah received copy',
  BUSYW: 'driving busy working abroad asleep travelling traveling teaching',
  POLITE: `please pls plz hi hey hello hiya dear sir madam mate bro guys and so then very much so for the your all it that you u again again's
    morning a lot bunch million just really again yall team man dude i will do would be we x xx xxx`,
  STAFF:
    'driver drivers chauffeur engineer plumber technician tech guy man fella agent salesman rep lad lads workman workmen electrician girl lady receptionist team men bloke builder builders staff fitter mechanic',
  BILL: 'bill billed invoice invoiced charge charged receipt quote statement payment fee fees estimate',
  GRUMBLE:
    'excuse excuses broken broke hung ignored passed useless weeks twice paid nothing damage damaged wrong worse',
  SITE: 'website site webpage page',
};
