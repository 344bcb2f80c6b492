/** Hindi words by concept, in Devanagari and as typed in Latin letters, with the English words mixed in. */
export const words = {
  ME: 'mujhe mujhko mujhse mera meri mere hame hamein humein hum main mai me hamara hamari hamare humko mko muje mujhey मुझे मुझको मुझसे मेरा मेरी मेरे हमें हम मैं हमारा हमारी हमारे हमको',
  YOU: 'aap aapka aapki aapke aapko aapne tum tumhara tumhare tumhari tumne tumko tu ap apka apki apke apne aapse aaplog आप आपका आपकी आपके आपको आपने तुम तुम्हारा तुम्हारे तुमने आपसे',
  KAR: `karo kar kare karen karein karna karne karni kardo krdo karao karwao karwana karwani karwa karva kijiye kijiyega kariye kariyega krna kro krein kren kr krwa krwana karlo karle
    karunga karungi karenge krunga karlenge dijiye dijiyega dedo de dena do den dein dijie karke krke karde karana karani
    करो कर करें करे करना करने करनी कराओ करवाओ करवाना करवानी करवा कीजिए कीजिये कीजिएगा करिए दीजिए दीजिएगा दो दे देना दें करके करूंगा करेंगे करूँगा कराना`,
  HAI: 'hai h hain he hei hoga hogi honge ho hota hoti hote tha thi the hua hui huye hue ha है हैं होगा होगी हो होता होती था थी थे हुआ हुई',
  NAHI: 'nahi nahin nhi nai nahee nahii nhin na naa ni mat नहीं नही ना न मत',
  KYA: 'kya kia kyaa kyu kyun kyon kaise kese kaisa kaisi kab kaha kahan kidhar kaun kaunsa kaunsi konsa konsi kaunse konse kon kitna kitne kitni क्या क्यों क्यूं कैसे कैसा कैसी कब कहाँ कहां किधर कौन कौनसा कौनसी कौनसे कितना कितने कितनी',
  KITNA: 'kitna kitne kitni ketna kitnaa कितना कितने कितनी',
  KOI: 'koi kisi kisine koyi कोई किसी किसीने',
  SAKTA:
    'sakta sakte sakti sakta skta skte skti paunga paungi payenge paayenge paunga paaunga paayega pao paye pa सकता सकते सकती पाऊंगा पाऊँगा पाएंगे पाऊंगी पाएगा',
  BHEJ: 'bhejo bhej bhejiye bhejna bheje bhejdo bhejen bhejein bhejde send share dikhao dikha dikhaiye batao bata bataiye bataye batana batado btao bta dedo भेजो भेज भेजिए भेजिये भेजना भेजें शेयर दिखाओ दिखाइए बताओ बता बताइए बताएं बताना सेंड',
  NUM1: 'numtoken ek do teen tin char chaar paanch panch che chhe saat sat aath nau das gyarah barah dedh sadhe एक दो तीन चार पांच पाँच छह सात आठ नौ दस ग्यारह बारह डेढ़ साढ़े',

  DAY: `somvar somwar mangalwar mangalvar budhwar budhvar guruwar guruvar brihaspativar shukrawar shukravar shukrwar shanivar shaniwar ravivar raviwar itwar itvar kal aaj parso parson aj
    monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun tomorrow today weekend tonight
    january february march april june july august september october november december
    सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार इतवार कल आज परसों वीकेंड संडे सैटरडे मंडे daytoken`,
  CLOCK:
    'clocktime baje bje subah sham shaam shyam dopahar dopeher raat rat morning evening afternoon night बजे सुबह शाम दोपहर रात',
  SOON: 'jaldi abhi turant baad bad pehle जल्दी अभी तुरंत बाद पहले',

  APPT: `appointment appt booking test-drive testdrive visit slot meeting site-visit demo time milna mulaqat pickup service viewing inspection drive
    अपॉइंटमेंट अपॉइन्टमेंट अपाइंटमेंट बुकिंग विजिट मीटिंग स्लॉट समय टाइम ड्राइव डेमो मुलाकात पिकअप`,
  BOOKV: 'book booking reserve schedule fix confirm pakka बुक बुकिंग फिक्स कन्फर्म पक्का रिजर्व शेड्यूल',
  AANA: `aana ana aata aati aate aaunga aungi aunga aaungi aayenge ayenge aaenge aa ajaunga aajaunga aau aaun aaye aye aayega ayega aao aaiye aajao dekhna dekhne dekhunga dekhenge dekh milte milenge milna milunga pahunch pahunchunga
    आना आता आते आऊंगा आऊँगा आएंगे आयेंगे आ आऊं आऊँ आए आओ आइए देखना देखने देखूंगा देखेंगे मिलते मिलेंगे मिलना पहुंच पहुंचूंगा आएगा आउंगा आउँगा`,
  CANCEL: 'cancel cancle cansel radd kensal कैंसिल कैंसल रद्द केंसल',
  SHIFT:
    'shift change badal badlo badalna badli move postpone aage age peeche badlna reschedule badalo बदल बदलो बदलना बदलनी शिफ्ट चेंज आगे पोस्टपोन बदलवा रीशेड्यूल',
  MOVE: 'reschedule postpone prepone resched रीशेड्यूल पोस्टपोन रिशेड्यूल',
  CALL: 'call phone fone ring kol kall callback calls कॉल फोन काल कॉलबैक',
  CALLV: 'call phone fone ring kall callback contact sampark कॉल फोन काल कॉलबैक संपर्क',

  PRICE: `price prices rate rates cost costing daam dam dham keemat kimat qeemat kimmat kharcha kharch paisa paise rupaye rupees rupye  
    discount chhut chut charge charges fees fee quotation quote estimate gst tax onroad on-road exshowroom ex-showroom sasta saste kiraya rent deposit token advance bhav bhaav mrp
    कीमत क़ीमत दाम रेट प्राइस खर्चा खर्च पैसे पैसा रुपये रुपए रूपये डिस्काउंट छूट चार्ज फीस कोटेशन टैक्स किराया सस्ता सस्ते एडवांस भाव मूल्य लागत शुल्क ऑनरोड`,
  FINANCE: 'emi downpayment loan finance byaj gst tax advance token deposit ईएमआई डाउनपेमेंट लोन फाइनेंस ब्याज टैक्स एडवांस',
  DISCOUNT:
    'discount chhut chut chhoot kam negotiable negotiate last best final moltol bargain डिस्काउंट छूट कम लास्ट फाइनल मोलभाव',

  CAN: 'sakta sakte sakti skte skta skti can possible mumkin सकता सकते सकती',
  WANT: 'chahiye chaiye chahie chahte chahta chahti chaahiye chahiyee mangta jarurat zaroorat lena leni want need चाहिए चाहिये चाहते चाहता चाहती जरूरत ज़रूरत लेना लेनी',
  NEG: 'nahi nahin nhi nai nahee nahii mat na naa not no never bina kabhi नहीं नही मत ना न बिना',
  IF: 'agar yadi अगर यदि',
  HOURS: 'khula khulta khulti khulte khulega open band close timing timings खुला खुलता खुलते बंद टाइमिंग',
  TOPIC: `address pata location kaha kahan parking warranty guarantee mileage average kilometer km color colour rang size delivery deliver dilivery
    insurance bima include included exchange available milega milegi milta milti milte stock model year document documents kagaz kaagaz papers licence license area seat seater seats
    bedroom bhk floor lift automatic manual diesel petrol cng electric range luggage terms cash card upi condition owner service history features feature sunroof variant variants waiting
    पता एड्रेस लोकेशन कहाँ कहां पार्किंग वारंटी गारंटी माइलेज कलर रंग डिलीवरी इंश्योरेंस बीमा एक्सचेंज उपलब्ध मिलेगा मिलेगी मिलता मिलती मॉडल डॉक्यूमेंट कागज
    दस्तावेज लाइसेंस एरिया सीट बेडरूम ऑटोमैटिक मैनुअल डीजल पेट्रोल सीएनजी इलेक्ट्रिक कैश कार्ड सर्विस फीचर्स`,

  YES: 'haan haa han ha haanji hanji hnji haji yes yess bilkul zaroor jarur zarur pakka yup yeah sure हाँ हां हा हांजी बिल्कुल बिलकुल ज़रूर जरूर पक्का यस श्योर',
  INTEREST: 'interested interest intrested dilchaspi intersted intrest utsuk इंटरेस्ट इंटरेस्टेड इंट्रेस्टेड रुचि दिलचस्पी इच्छुक',
  LIKE: 'pasand psand acha accha achha achi acchi mast badhiya badiya shandar zabardast jabardast sundar khubsurat gajab kamaal love nice beautiful awesome superb lajawab dhansu jhakaas perfect पसंद अच्छा अच्छी अच्छे मस्त बढ़िया शानदार जबरदस्त सुंदर खूबसूरत गजब कमाल लाजवाब परफेक्ट',
  THING: `car gaadi gadi gari suv bike vehicle swift creta nexon innova scorpio limo limousine cab taxi flat ghar makan makaan kothi plot property villa apartment boiler geyser ac plumber
    electrician leak nal pipe tanki kitchen bathroom website seo marketing-agency bus tempo driver machine
    कार गाड़ी गाडी एसयूवी बाइक टैक्सी कैब फ्लैट घर मकान प्लॉट प्रॉपर्टी गीजर एसी प्लंबर इलेक्ट्रीशियन नल पाइप किचन बाथरूम वेबसाइट लिमोजिन बस ड्राइवर`,

  NO: 'nahi nahin nhi nai no nope na naa nahee नहीं नही ना नो',
  NONO: 'thanks thank thanku thankyou dhanyavad dhanyawad shukriya bhai ji धन्यवाद शुक्रिया थैंक्स भाई जी',
  ANGRY: `bakwas bakwaas ghatiya ghatia bekar bekaar wahiyat vahiyat kharab khrab ganda gandi dhokha dhoka fraud froud chor loot lut loota thag thagi jhooth jhuth jhoot jhuthe jhoothe jhut bewakoof bewkoof
    complaint complain shikayat badtameez badtamiz badtameezi sharm besharam gussa pareshan preshan worst terrible pathetic useless cheat cheated disappointed unprofessional scam nautanki tamasha mazak majak
    tang third-class lootere bakvas barbaad barbad nirash
    बकवास घटिया बेकार वाहियात खराब ख़राब गंदी गंदा धोखा फ्रॉड चोर लूट ठग ठगी झूठ झूठे शिकायत बदतमीज बदतमीजी शर्म गुस्सा परेशान मजाक मज़ाक तंग बर्बाद कंप्लेंट निराश शिकायत`,
  REFUND: 'refund वापसी रिफंड consumer',
  ACT: `kiya kia kari ki aaya aya aayi ayi aaye aye mila mili mile diya di dia deta dete deti bataya btaya uthata uthate uthaya karta karte karti krta krte bheja sunta sunte suna pahuncha hua hui lauta bola
    किया की आया आई आए मिला मिली मिले दिया दी देता देते देती बताया उठाता उठाते उठाया करता करते करती भेजा सुनता सुनते हुआ हुई पहुंचा`,
  REPLY:
    'reply jawab javab jawaab response answer call phone message msg mail update callback contact dhyan जवाब जबाब रिप्लाई रिप्लाय कॉल फोन मैसेज अपडेट संपर्क उत्तर',

  TECH: `dashboard report invoice रिपोर्ट इनवॉइस डैशबोर्ड login log-in password pasword otp link app upload download portal form account code error pdf document file kyc id server photo लॉगिन लॉग-इन पासवर्ड ओटीपी लिंक ऐप एप अपलोड डाउनलोड पोर्टल फॉर्म अकाउंट
    कोड एरर फाइल खाता`,
  TROUBLE:
    'error problem issue dikkat samasya fail failed expire expired expaired stuck atka block locked crash hang invalid एरर दिक्कत समस्या प्रॉब्लम फेल एक्सपायर अटक ब्लॉक लॉक',
  HELPV: 'help madad sahayata sahayta madat guide support मदद सहायता हेल्प सपोर्ट',

  THANKS:
    'thanks thank thanku thankyou thnx thx dhanyavad dhanyawad dhanyavaad dhanyawaad shukriya shukria sukriya aabhar abhar meherbani mehrbani tysm धन्यवाद शुक्रिया थैंक्स थैंक्यू थैंक आभार मेहरबानी',
  OK: 'ji जी ok okay okk k thik theek theekh thk acha accha achha achcha sahi samajh samjha samjh gaya hmm hm ji chalo chalega chalta done noted great thikh ठीक अच्छा ओके सही समझ गया गई चलो चलेगा हम्म जी',
  BUSYW: 'busy driving drive office meeting bahar vyast व्यस्त बिजी ऑफिस मीटिंग बाहर ड्राइव ड्राइविंग',
  POLITE: `namaste namaskar hello hi hey ji sir madam bhai bhaiya bhaiyya yaar dost please plz pls kripya aap aapka aapki bahut bohot bht very much so aapke ke liye hai h is it madad help ki ka ke ko
    नमस्ते नमस्कार हेलो जी सर मैडम भाई भैया यार प्लीज कृपया आपका आपकी आपके बहुत के लिए है लिये ki jankari info jaankari you u for the kar do de diya kiya दिया`,
  STAFF:
    'driver plumber technician mechanic engineer salesman agent mistri banda ladka aadmi staff manager executive boy ड्राइवर प्लंबर टेक्नीशियन मैकेनिक इंजीनियर एजेंट मिस्त्री आदमी लड़का स्टाफ',
  BILL: 'bill invoice receipt quotation hisab hisaab बिल रसीद हिसाब इनवॉइस',
  GRUMBLE: 'bahane bahana kharab kaat galat toot tut hafte बहाने खराब काट गलत टूट',
  SITE: 'website site page वेबसाइट पेज',
};
