import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const jest = createRequire(require.resolve('jest'));
const { default: Sequencer } = createRequire(jest.resolve('@jest/core'))('@jest/test-sequencer');
/** Files of these folders start programs and wait for them, or hold whole conversations: the longest of all, whatever their size. */
const LONG = ['acceptance', 'browser', 'faults', 'integration/agent', 'integration/sandbox', 'integration/backup'].map(
  (folder) => path.join(path.sep, 'test', folder, path.sep),
);

/** Jest begins with what took longest the last time; where there was none, the long ones come first, so that workers end together. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    const isLong = (test) => LONG.some((folder) => test.path.includes(folder));
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
}
