/** What a server says of itself (RPL_ISUPPORT), and the channel modes that are read with it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ISupport } from '../../src/irc/isupport.ts';

function supportOf(...tokens: string[]): ISupport {
  const support = new ISupport();
  support.apply(tokens);
  return support;
}

test('what holds where the server says nothing', () => {
  const support = new ISupport();
  assert.equal(support.nickLength, 9);
  assert.equal(support.lineLength, 512);
  assert.equal(support.network, undefined);
  assert.equal(support.statusMessage, '');
  assert.equal(support.safeRate, false);
  assert.deepEqual(support.prefixes, [
    { mode: 'o', symbol: '@' },
    { mode: 'v', symbol: '+' },
  ]);
  assert.equal(support.fold('A[~'), 'a{^');
  assert.deepEqual(
    ['#a', '&a', '+a', 'a', ''].map((name) => support.isChannel(name)),
    [true, true, false, false, false],
  );
});

test('tokens are taken over, and taken back', () => {
  const support = supportOf(
    'NICKLEN=30',
    'CASEMAPPING=ascii',
    'CHANTYPES=#',
    'NETWORK=A\\x20B',
    'STATUSMSG=@+',
  );
  assert.deepEqual(
    [support.nickLength, support.fold('A['), support.isChannel('&a'), support.network, support.statusMessage],
    [30, 'a[', false, 'A B', '@+'],
  );
  support.apply(['-NICKLEN', '-CASEMAPPING', 'CHANTYPES=', 'LINELEN=2048', 'soju.im/SAFERATE', 'WHOX']);
  assert.deepEqual(
    [support.nickLength, support.fold('A['), support.isChannel('#a'), support.lineLength, support.safeRate],
    [9, 'a{', false, 2048, true],
  );
  assert.equal(support.has('WHOX'), true);
  assert.equal(supportOf('MAXNICKLEN=16').nickLength, 16);
});

test('numbers that are none are not believed', () => {
  for (const value of ['NICKLEN', 'NICKLEN=', 'NICKLEN=0', 'NICKLEN=-1', 'NICKLEN=x', 'NICKLEN=99999999']) {
    assert.equal(supportOf(value).nickLength, 9, value);
  }
});

test('statuses are split off channels and nicks', () => {
  const support = supportOf('PREFIX=(qaohv)~&@%+');
  assert.deepEqual(support.splitStatus('~@ann'), { status: '~@', rest: 'ann' });
  assert.deepEqual(support.splitStatus('@#a'), { status: '@', rest: '#a' });
  assert.deepEqual(support.splitStatus('ann'), { status: '', rest: 'ann' });
  assert.deepEqual(supportOf('PREFIX=').splitStatus('@ann'), { status: '', rest: '@ann' });
  assert.deepEqual(supportOf('PREFIX=(ov)@').prefixes, [{ mode: 'o', symbol: '@' }]);
});

test('mode changes take the parameters that belong to them', () => {
  const support = supportOf('PREFIX=(ohv)@%+', 'CHANMODES=beI,k,lj,imnst');
  const rows: [string[], string][] = [
    [['+o', 'ann'], '+o ann'],
    [['+o-v+h', 'ann', 'bob', 'cyd'], '+o ann, -v bob, +h cyd'],
    [['+kl-l', 'secret', '5'], '+k secret, +l 5, -l'],
    [['-k', 'secret'], '-k secret'],
    [['+imb-o', '*!*@*', 'ann'], '+i, +m, +b *!*@*, -o ann'],
    [['+nZo', 'ann'], '+n, +Z, +o ann'],
    [['+o'], '+o'],
    [[], ''],
    [['+-'], ''],
  ];
  for (const [params, expected] of rows) {
    const changes = support
      .modeChanges(params)
      .map(({ add, mode, param }) => `${add ? '+' : '-'}${mode}${param === undefined ? '' : ` ${param}`}`);
    assert.equal(changes.join(', '), expected);
  }
});

test('law: no tokens and no mode line break it', () => {
  const token = fc.oneof(
    fc.string(),
    fc
      .tuple(fc.constantFrom('PREFIX', 'CHANMODES', 'CHANTYPES', 'NICKLEN', 'CASEMAPPING'), fc.string())
      .map(([name, value]) => `${name}=${value}`),
  );
  fc.assert(
    fc.property(fc.array(token), fc.array(fc.string()), fc.string(), (tokens, params, name) => {
      const support = supportOf(...tokens);
      const { status, rest } = support.splitStatus(name);
      assert.equal(status + rest, name);
      const taken = support.modeChanges(params).flatMap(({ param }) => (param === undefined ? [] : [param]));
      assert.deepEqual(taken, params.slice(1, 1 + taken.length));
      assert.ok(support.nickLength > 0 && support.lineLength > 0);
    }),
  );
});
