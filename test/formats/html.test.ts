import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainText } from '../../src/common/spans.ts';
import type { Line } from '../../src/common/spans.ts';
import { htmlToLines } from '../../src/formats/html.ts';

/** Lines as text in which styled spans stand like `[bold:text]`. */
function shown(lines: readonly Line[]): string[] {
  return lines.map((line) =>
    line.map(({ text, style }) => (Object.keys(style).length === 0 ? text : `[${Object.keys(style).join('+')}:${text}]`)).join(''),
  ); // prettier-ignore
}

const cases: readonly [what: string, html: string, lines: readonly string[]][] = [
  ['plain text', 'hello', ['hello']],
  ['nothing', '', []],
  ['bold', '<b>a</b> <strong>b</strong>', ['[bold:a] [bold:b]']],
  ['italic', '<i>a</i><em>b</em><cite>c</cite>', ['[italic:abc]']],
  ['underline and strike', '<u>a</u> <ins>b</ins> <s>c</s> <del>d</del> <strike>e</strike>', ['[underline:a] [underline:b] [strike:c] [strike:d] [strike:e]']],
  ['monospace', '<code>a</code> <tt>b</tt>', ['[monospace:a] [monospace:b]']],
  ['styles in styles', '<b>a<i>b<b>c</b></i>d</b>e', ['[bold:a][bold+italic:bc][bold:d]e']],
  ['styles that cross', '<b>a<i>b</b>c</i>d', ['[bold:a][bold+italic:b]cd']],
  ['an underlined word has no underlined space before it', 'a <u>b</u> c', ['a [underline:b] c']],
  ['a space in a style', '<u>a </u>b', ['[underline:a ]b']],
  ['white space is one space', '  a \n\t b&nbsp;&nbsp;c  ', ['a b\u00a0\u00a0c']],
  ['blocks break lines', '<p>a</p><div>b<h1>c</h1></div>d<ul><li>e<li>f</ul><blockquote>g</blockquote>', ['a', 'b', 'c', 'd', 'e', 'f', 'g']],
  ['empty blocks are no lines', '<div><p></p><div>a</div> </div>', ['a']],
  ['br ends lines, empty ones too', 'a<br>b<br/><br />c<br>', ['a', 'b', '', 'c']],
  ['rows and cells', '<table><tr><td>a</td><td>b</td></tr><tr><th>c<th>d</table>', ['a b', 'c d']],
  ['pre keeps its white space', '<pre>\n a  b\n\n  c\r\nd</pre>e', ['[monospace: a  b]', '', '[monospace:  c]', '[monospace:d]', 'e']],
  ['entities', '&lt;b&gt; &amp;amp; &eacute; &#x1F600; &#39; &bogus; &', ["<b> &amp; é 😀 ' &bogus; &"]],
  ['control characters are dropped, line ends are white space', 'a&#2;&#10;b&#7;\u0000', ['a b']],
  ['what is not for reading', '<head><title>t</title></head><style>s</style><script>x("<b>")</script>a<!-- c -->b', ['ab']],
  ['a head that nobody closed', '<html><head><meta charset="utf-8"><body>a', ['a']],
  ['a link', '<a href="https://x.example/?a=1&amp;b=2">here</a>, see', ['here <https://x.example/?a=1&b=2>, see']],
  ['a link that says its URL', '<a href="https://x.example/">https://x.example/</a> <a href="http://y.example/">y.example</a> <a href="mailto:a@b">a@b</a>', ['https://x.example/ y.example a@b']],
  ['a link that lies', '<a href="https://evil.example">https://good.example</a>', ['https://good.example <https://evil.example>']],
  ['a link without text', '<a href="https://x.example"></a>', ['<https://x.example>']],
  ['links that lead nowhere', '<a href="#x">a</a> <a href="java\nscript:b">b</a> <a href="/c">c</a> <a>d</a>', ['a b c d']],
  ['an image says what it shows', '<img src="x" alt=":-)">!', [':-)!']],
  ['an open tag at the end', 'a <b', ['a']],
]; // prettier-ignore

for (const [what, html, lines] of cases) {
  test(`HTML: ${what}`, () => assert.deepEqual(shown(htmlToLines(html)), lines));
}

test('elements nested too deep end the reading', () => {
  const lines = htmlToLines(`start${'<b>'.repeat(50_000)}deep${'</x>'.repeat(30_000)}`);
  assert.equal(lines.map(plainText).join(), 'start');
});

test('a text that is too long is cut', () => {
  const length = htmlToLines('x'.repeat(1_000_000)).map(plainText).join('').length;
  assert.equal(length, 262_144);
});

test('any text becomes lines without line ends, tags and neighbours of one style', () => {
  const piece = fc.constantFrom('<b>', '</b>', '<pre>', '</pre>', '<a href="x:y">', '</a>', '<br>', '<p>', '\n', ' ', 'x', '&lt;', '<head>', '<body>', '<!--', '-->', '"', '<', '</', '\0'); // prettier-ignore
  fc.assert(
    fc.property(fc.oneof(fc.array(piece).map((pieces) => pieces.join('')), fc.string({ unit: 'binary' })), (html) => {
      for (const line of htmlToLines(html)) {
        assert.doesNotMatch(plainText(line), /[\r\n\0]/);
        for (const [index, span] of line.entries()) {
          assert.notEqual(span.text, '');
          assert.notEqual(span.style, line[index + 1]?.style);
        }
      }
    }),
    { numRuns: 1000 },
  ); // prettier-ignore
});
