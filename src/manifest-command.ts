import { answer } from './manifest.ts';

const { code, text } = answer(process.argv.slice(2), process.env.PUBLIC_URL);
(code === 0 ? process.stdout : process.stderr).write(text);
process.exitCode = code;
