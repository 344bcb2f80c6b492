import path from 'node:path';
import { HOME } from './lib/home.ts';
import { answer } from './rehearse-command.ts';

const conversations = path.join(HOME, 'conversations');
const { code, out, err } = await answer(process.argv.slice(2), new Date(), conversations);
process.stdout.write(out);
process.stderr.write(err);
process.exitCode = code;
