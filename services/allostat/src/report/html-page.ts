import { escapeText } from './chart-frame';
import { REPORT_STYLE } from './report-style';

/** One HTML document that needs nothing else: no script, no request. Sections are HTML; those without a body are left out. */
export function htmlPage({
  title,
  heading,
  under,
  sections,
}: {
  readonly title: string;
  readonly heading: string;
  readonly under: string;
  readonly sections: readonly (readonly [string, string])[];
}): string {
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeText(title)}</title><style>${REPORT_STYLE}</style></head><body>`,
    `<h1>${escapeText(heading)}</h1><p class="soft">${escapeText(under)}</p>`,
    ...sections.filter(([, body]) => body !== '').map(([head, body]) => `<section><h2>${head}</h2>${body}</section>`),
    '</body></html>',
    '',
  ].join('\n');
}
