import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { MailFaults } from './types.ts';

/** An SMTP server on loopback that takes every letter, and fails as it is told. */
export function createSmtp(options: {
  user: string;
  password: string;
  faultsOf(mailbox: string): MailFaults;
  onLetter(raw: Buffer, to: string): Promise<void>;
}) {
  const { faultsOf } = options;
  const server = new SMTPServer({
    name: 'mail.stand-in.localhost',
    banner: 'stand-in',
    disabledCommands: ['STARTTLS'],
    hideDSN: false,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 200,
    onAuth({ username, password }, _session, done) {
      if (username === options.user && password === options.password) return done(null, { user: username });
      done(Object.assign(new Error('5.7.8 Authentication credentials invalid'), { responseCode: 535 }));
    },
    onRcptTo({ address }, _session, done) {
      const refused = faultsOf(address).refuseRecipient;
      done(refused === undefined ? null : replying(refused));
    },
    onData(stream, session, done) {
      const to = session.envelope.rcptTo[0]?.address ?? '';
      const faults = faultsOf(to);
      if (faults.dropBeforeData) return cut(session.id);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (faults.refuseLetter !== undefined) return done(replying(faults.refuseLetter));
        const taken = options.onLetter(Buffer.concat(chunks), to);
        if (faults.dropAfterData) return cut(session.id);
        const answer = () =>
          taken.then(
            () => done(null, '2.0.0 taken'),
            (error) => done(error),
          );
        if (faults.answerDelayMs) setTimeout(answer, faults.answerDelayMs).unref();
        else void answer();
      });
    },
  });
  server.on('error', () => {}); // a client that goes away is no trouble of ours

  function cut(id: string): void {
    for (const connection of server.connections) if (connection.id === id) connection._socket.destroy();
  }

  return {
    start: () =>
      new Promise<number>((resolve) => {
        const listening = server.listen(0, '127.0.0.1', () => resolve((listening.address() as AddressInfo).port));
      }),
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** A server's reply as smtp-server takes it: the code apart from the words. */
function replying(reply: string): Error {
  const [, code = '550', words = reply] = /^(\d{3})[ -](.*)$/s.exec(reply) ?? [];
  return Object.assign(new Error(words), { responseCode: Number(code) });
}
