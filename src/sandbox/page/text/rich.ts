import { type Json, numberOf, objectsOf, textOf } from '../blocks/json.ts';
import { broken, type Inline, type Paragraph, text } from './tree.ts';

/** A `rich_text` block (docs.slack.dev, "Rich text block") as paragraphs. Pure; what is unknown shows its text. */
export function readRich(block: Json): Paragraph[] {
  return objectsOf(block.elements).flatMap((part): Paragraph[] => {
    const elements = objectsOf(part.elements);
    switch (part.type) {
      case 'rich_text_quote':
        return [{ is: 'quote', children: inline(elements) }];
      case 'rich_text_preformatted':
        return [{ is: 'pre', text: elements.map((element) => textOf(element.text) || textOf(element.url)).join('') }];
      case 'rich_text_list':
        return [
          {
            is: 'list',
            ordered: part.style === 'ordered',
            indent: numberOf(part.indent) ?? 0,
            start: (numberOf(part.offset) ?? 0) + 1,
            items: elements.map((item) => inline(objectsOf(item.elements))),
          },
        ];
      default:
        return [{ is: 'words', children: inline(elements) }];
    }
  });
}

const inline = (elements: Json[]): Inline[] => elements.flatMap((element) => styled(element, one(element)));

function one(element: Json): Inline[] {
  switch (element.type) {
    case 'link':
      return [{ is: 'link', url: textOf(element.url), children: [text(textOf(element.text) || textOf(element.url))] }];
    case 'emoji':
      return [{ is: 'emoji', name: textOf(element.name) }];
    case 'user':
      return [{ is: 'user', id: textOf(element.user_id) }];
    case 'channel':
      return [{ is: 'channel', id: textOf(element.channel_id), label: '' }];
    case 'usergroup':
      return [{ is: 'everybody', label: '@group' }];
    case 'broadcast':
      return [{ is: 'everybody', label: `@${textOf(element.range)}` }];
    case 'color':
      return [{ is: 'code', text: textOf(element.value) }];
    case 'date': {
      const at = numberOf(element.timestamp) ?? 0;
      const url = textOf(element.url) || null;
      return [{ is: 'date', at, format: textOf(element.format), url, fallback: textOf(element.fallback) }];
    }
    default:
      return broken(
        textOf(element.text)
          .split('\n')
          .map((line) => (line === '' ? [] : [text(line)])),
      );
  }
}

function styled(element: Json, nodes: Inline[]): Inline[] {
  const style = (typeof element.style === 'object' && element.style !== null ? element.style : {}) as Json;
  let inner = style.code === true ? [{ is: 'code' as const, text: textOf(element.text) }] : nodes;
  for (const kind of ['strike', 'italic', 'bold'] as const) {
    if (style[kind] === true) inner = [{ is: kind, children: inner }];
  }
  return inner;
}
