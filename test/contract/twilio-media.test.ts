import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTwilio, parseInbound, type Twilio } from '../../src/vendors/twilio/index.ts';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  CUSTOMER,
  SENDER,
  startReceiver,
  startTwilio,
  type TestTwilio,
} from '../support/twilio.ts';

const MB = 1024 * 1024;
const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const PATH = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/MM1/Media/ME1`;

const refused = (code: string) => expect.objectContaining({ code });

describe("a customer's picture at Twilio", () => {
  let app: Awaited<ReturnType<typeof startReceiver>>;
  let service: TestTwilio;
  let twilio: Twilio;
  beforeEach(async () => {
    app = await startReceiver();
    service = await startTwilio({ webhookBase: () => app.origin });
    twilio = service.connect();
  });
  afterEach(async () => {
    await service.stop();
    await app.stop();
  });

  async function sends(...media: { bytes: Uint8Array; contentType: string }[]) {
    const message = { from: CUSTOMER, to: SENDER, channel: 'sms', body: '', media } as const;
    await service.standIn.customerSends(message);
    return parseInbound(app.posts.at(-1)?.form ?? {});
  }

  test('is named by the webhook and fetched with our credentials, its bytes as they were', async () => {
    const inbound = await sends(
      { bytes: PICTURE, contentType: 'image/jpeg' },
      { bytes: Buffer.from('OggS'), contentType: 'audio/ogg' },
    );
    expect(inbound.media.map(({ contentType }) => contentType)).toEqual(['image/jpeg', 'audio/ogg']);
    const [first, second] = inbound.media;
    expect(first?.url).toMatch(
      /^https:\/\/api\.twilio\.com\/2010-04-01\/Accounts\/AC\w+\/Messages\/MM\w+\/Media\/ME\w+$/,
    );
    expect(await twilio.fetchMedia(first?.url ?? '', MB)).toEqual(PICTURE);
    expect((await twilio.fetchMedia(second?.url ?? '', MB)).toString()).toBe('OggS');
  });

  test('is found by the list of messages as well: it came while nobody listened', async () => {
    await sends(
      { bytes: PICTURE, contentType: 'image/jpeg' },
      { bytes: Buffer.from('OggS'), contentType: 'audio/ogg' },
    );
    const [listed] = await twilio.listInbound({ channel: 'sms', to: SENDER, since: new Date(Date.now() - 60_000) });
    expect(listed?.media).toHaveLength(2);
    const fetched = await Promise.all((listed?.media ?? []).map(({ url }) => twilio.fetchMedia(url, MB)));
    expect(fetched.map((bytes) => bytes.length)).toEqual([PICTURE.length, 4]);
  });

  test('needs the right credentials, and is gone when Twilio does not have it', async () => {
    const [{ url } = { url: '' }] = (await sends({ bytes: PICTURE, contentType: 'image/jpeg' })).media;
    await expect(service.connect({ authToken: 'wrong' }).fetchMedia(url, MB)).rejects.toEqual(refused('misconfigured'));
    await expect(twilio.fetchMedia(`https://api.twilio.com${PATH}`, MB)).rejects.toEqual(refused('not_found'));
  });

  test('is refused as soon as it is larger than wanted', async () => {
    const [{ url } = { url: '' }] = (await sends({ bytes: Buffer.alloc(3 * MB, 7), contentType: 'image/jpeg' })).media;
    await expect(twilio.fetchMedia(url, 2 * MB)).rejects.toEqual(refused('validation_error'));
    expect(await twilio.fetchMedia(url, 3 * MB)).toHaveLength(3 * MB);
  });
});

describe("an address that is not Twilio's", () => {
  const real = createTwilio({ accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, machine: Date.now });

  test.each([
    `https://evil.example${PATH}`,
    `https://api.twilio.com.evil.example${PATH}`,
    `https://evilapi.twilio.com.example${PATH}`,
    `http://api.twilio.com${PATH}`,
    `https://api.twilio.com:8443${PATH}`,
    `https://user@evil.example${PATH}`,
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    'https://api.twilio.com/2010-04-01/Accounts.json',
    `https://api.twilio.com/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/MM1/Media/../../../Messages.json`,
    'nonsense',
    '',
  ])('%s is not asked', async (url) => {
    await expect(real.fetchMedia(url, MB)).rejects.toEqual(refused('forbidden'));
  });
});

describe('a server that answers otherwise than Twilio', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const connect = (apiUrl: string) =>
    createTwilio({ accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN, apiUrl, machine: Date.now });

  test('gets no credentials where it sends us on, and is followed once only', async () => {
    const seen: (string | undefined)[] = [];
    const origin = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: `/again/${seen.length}` }).end();
    });
    await expect(connect(origin).fetchMedia(`${origin}${PATH}`, MB)).rejects.toEqual(refused('unavailable'));
    expect(seen).toEqual([expect.stringMatching(/^Basic /), undefined]);
  });

  test.each(['http://169.254.169.254/latest', 'https://evil.example/x', 'https://s3.amazonaws.com/other-bucket/x'])(
    'does not send us to %s',
    async (location) => {
      const origin = await serve((_request, response) => response.writeHead(307, { location }).end());
      await expect(connect(origin).fetchMedia(`${origin}${PATH}`, MB)).rejects.toEqual(refused('forbidden'));
    },
  );

  test('does not send us to a neighbour on this machine', async () => {
    let asked = 0;
    const inner = await serve((_request, response) => {
      asked++;
      response.end('secret');
    });
    const origin = await serve((_request, response) => response.writeHead(307, { location: `${inner}/x` }).end());
    await expect(connect(origin).fetchMedia(`${origin}${PATH}`, MB)).rejects.toEqual(refused('forbidden'));
    expect(asked).toBe(0);
  });

  test('that promises little and sends much is cut off', async () => {
    let cut = false;
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/jpeg' });
      response.on('close', () => {
        cut = true;
      });
      const more = () => {
        while (response.write(Buffer.alloc(64 * 1024)));
        response.once('drain', more);
      };
      more();
    });
    await expect(connect(origin).fetchMedia(`${origin}${PATH}`, MB)).rejects.toEqual(refused('validation_error'));
    while (!cut) await new Promise((resolve) => setImmediate(resolve));
  });
});
