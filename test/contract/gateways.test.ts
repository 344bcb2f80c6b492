import { afterAll } from '@jest/globals';
import { describeGateway } from '../support/describe-gateway.ts';
import { mailBench, pigeonBench, sinchBench, twilioBench } from '../support/gateway-benches.ts';
import { phoneBench } from '../support/phone-bench.ts';

describeGateway('Twilio SMS', () => twilioBench('sms'));
describeGateway('Twilio WhatsApp', () => twilioBench('whatsapp'));
describeGateway('Sinch SMS', () => sinchBench('sms'));
describeGateway('Sinch WhatsApp', () => sinchBench('whatsapp'));
describeGateway('E-mail', mailBench);
describeGateway('A linked phone', phoneBench);
describeGateway('A pigeon', pigeonBench);

afterAll(() => {
  process.stdout.write(
    'Not proven here: real Twilio, real Sinch, the real WhatsApp Web. Their stand-ins follow what they document.\n',
  );
});
