import type { Lexicon } from '../../concepts.ts';
import { anger } from './anger.ts';
import { deals } from './deals.ts';
import { plans } from './plans.ts';
import { talk } from './talk.ts';
import { words } from './words.ts';

/** Hindi and Hinglish. */
export const hindi: Lexicon = {
  code: 'hi',
  words,
  phrases: { ...plans, ...deals, ...anger, ...talk },
  idle: [
    'koi baat nahi',
    'कोई बात नहीं',
    'cancel mat|nahi|na KAR',
    'mat|मत cancel|hatana|कैंसिल',
    'koi jaldi nahi',
    'koi problem|dikkat|shikayat nahi',
  ],
  everyday: `hai hain he ho hu hun hoon tha thi the hoga hogi honge ka ki ke ko se me mein mai main par pe aur ya to bhi hi kya kyu kyun kyon kab kaha kahan kaise
    kaun kitna kitne kitni koi kuch kuchh sab nahi nahin nhi nai mat haan han ji jee aap aapka aapki aapke aapko aapne tum tumhara mujhe mera meri mere hum hamara humein
    ye yeh yah wo woh vo is us iska uska isko usko yaha yahan waha wahan abhi ab baad pehle phir fir kal aaj parso bhai bhaiya yaar sir kar karo karna karke kiya kare
    kijiye karte karta raha rahe rahi gaya gayi gaye diya liya do de dena lena le chahiye chaiye batao bata bataiye wala wale wali jo jab tak ek bahut bohot accha acha theek thik
    namaste dhanyavad shukriya bas sirf agar lekin magar liye liya sakta sakte sakti
    है हैं हो हूं हूँ था थी थे होगा का की के को से में मैं पर और या तो भी ही क्या क्यों कब कहाँ कहां कैसे कौन कितना कितने कितनी कोई कुछ सब नहीं मत हाँ हां जी आप आपका आपकी आपके आपको आपने
    तुम मुझे मेरा मेरी मेरे हम हमें ये यह वो वह इस उस यहाँ यहां अभी अब बाद पहले फिर कल आज भाई सर कर करो करना करके किया करें कीजिए रहा रहे रही गया गई दिया लिया दो दे लेना चाहिए बताओ बताइए
    वाला वाले वाली जो जब तक एक बहुत अच्छा ठीक नमस्ते बस अगर लेकिन लिए सकता सकते सकती`,
  namesByCapital: true,
  fillers: `bhai bhaiya bhaiyya yaar yar ji jee sir madam mam please pls plz plzz kripya dost boss bro be arre are oye jara zara thoda bhi hi to toh hello hi hey namaste
    namaskar btw actually basically wahi ye yeh yah भाई भैया यार जी सर मैडम कृपया प्लीज प्लीज़ जरा ज़रा थोड़ा भी ही तो नमस्ते नमस्कार ये यह अरे न`,
  openers: 'aur lekin par magar isliye warna varna kyunki और लेकिन मगर इसलिए वरना क्योंकि but and so',
  rewrites: {
    'test drive': 'testdrive',
    'टेस्ट ड्राइव': 'testdrive',
    nhi: 'nahi',
    nai: 'nahi',
    nahin: 'nahi',
    h: 'hai',
    mje: 'mujhe',
    muje: 'mujhe',
    mko: 'mujhe',
    kb: 'kab',
    ky: 'kya',
    kyaa: 'kya',
    kse: 'kaise',
    ktna: 'kitna',
    ktne: 'kitne',
    kitnaa: 'kitna',
    pta: 'pata',
    bta: 'bata',
    btao: 'batao',
    krna: 'karna',
    kro: 'karo',
    kr: 'kar',
    krdo: 'kardo',
    rha: 'raha',
    rhe: 'rahe',
    rhi: 'rahi',
    thx: 'thanks',
    'kar do': 'kardo',
    'kar dijiye': 'kardo',
    'kar dena': 'kardo',
    'कर दो': 'करो',
    'कर दीजिए': 'कीजिए',
  },
  misspelt: `appointment interested booking discount available warranty insurance dhanyavad shukriya location address details
    number reschedule postpone showroom plumber electrician website password thanks callback chahiye`,
};
