import { readRich } from '../text/rich.ts';
import { Table, Words } from '../text/words.tsx';
import { keyOf } from '../ui/keys.ts';
import { type Json, objectsOf, textOf } from './json.ts';

export function TableBlock({ block }: { block: Json }) {
  const rows = (Array.isArray(block.rows) ? block.rows : []).map((row: unknown) =>
    objectsOf(row).map((cell, index) =>
      cell.type === 'rich_text' ? <Words key={keyOf(index)} paragraphs={readRich(cell)} /> : textOf(cell.text),
    ),
  );
  const columns: unknown[] = Array.isArray(block.column_settings) ? block.column_settings : [];
  const aligns = columns.map((column) => textOf((column as Json | null)?.align) || undefined);
  return (
    <div className="block">
      <Table rows={rows} aligns={aligns} />
    </div>
  );
}
