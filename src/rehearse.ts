import path from 'node:path';
import { answer } from './rehearse-command.ts';

const conversations = path.resolve(import.meta.dirname, '../conversations');
const { code, out, err } = await answer(process.argv.slice(2), new Date(), conversations);
process.stdout.write(out);
process.stderr.write(err);
process.exitCode = code;
