import { memo } from 'react';
import { readMarkdown } from '../text/markdown.ts';
import { readRich } from '../text/rich.ts';
import { Words } from '../text/words.tsx';
import { keyOf } from '../ui/keys.ts';
import { ElementOf } from './element.tsx';
import { InputBlock } from './input-block.tsx';
import { isObject, type Json, objectOf, objectsOf, textOf, wordsOf } from './json.ts';
import { Picture } from './picture.tsx';
import { TableBlock } from './table-block.tsx';
import { TextObject } from './text-object.tsx';

/** Blocks, one under the other. A kind this page does not know shows what text it has, never nothing. */
export function Blocks({ blocks }: { blocks: readonly Json[] }) {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <Block key={textOf(block.block_id) || keyOf(index)} block={block} />
      ))}
    </div>
  );
}

const Block = memo(function Block({ block }: { block: Json }) {
  switch (block.type) {
    case 'section':
      return <Section block={block} />;
    case 'header':
      return (
        <h3 className="block header">
          <TextObject value={block.text} inline />
        </h3>
      );
    case 'context':
      return (
        <div className="block context">
          {objectsOf(block.elements).map((element, index) =>
            element.type === 'image' ? (
              <Picture key={keyOf(index)} image={element} small />
            ) : (
              <TextObject key={keyOf(index)} value={element} />
            ),
          )}
        </div>
      );
    case 'divider':
      return <hr className="block divider" />;
    case 'actions':
      return (
        <div className="block actions">
          {objectsOf(block.elements).map((element) => (
            <ElementOf key={textOf(element.action_id)} block={block} element={element} />
          ))}
        </div>
      );
    case 'image':
      return (
        <figure className="block figure">
          {isObject(block.title) && (
            <figcaption>
              <TextObject value={block.title} />
            </figcaption>
          )}
          <Picture image={block} />
        </figure>
      );
    case 'input':
      return <InputBlock block={block} />;
    case 'rich_text':
      return (
        <div className="block">
          <Words paragraphs={readRich(block)} />
        </div>
      );
    case 'markdown':
      return (
        <div className="block">
          <Words paragraphs={readMarkdown(textOf(block.text))} />
        </div>
      );
    case 'table':
      return <TableBlock block={block} />;
    default:
      return (
        <p className="block unknown">{wordsOf(block.text) || wordsOf(block.title) || `(${textOf(block.type)})`}</p>
      );
  }
});

function Section({ block }: { block: Json }) {
  const accessory = objectOf(block.accessory);
  return (
    <div className="block section">
      <div className="section-words">
        {isObject(block.text) && <TextObject value={block.text} />}
        {Array.isArray(block.fields) && (
          <div className="section-fields">
            {objectsOf(block.fields).map((field, index) => (
              <div key={keyOf(index)}>
                <TextObject value={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory.type === 'image' && <Picture image={accessory} accessory />}
      {accessory.type !== undefined && accessory.type !== 'image' && <ElementOf block={block} element={accessory} />}
    </div>
  );
}
