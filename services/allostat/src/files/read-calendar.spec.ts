import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOpenDay, type TradingCalendar } from '@allostat/pipeline';
import { readCalendar } from './read-calendar';

const folder = mkdtempSync(join(tmpdir(), 'allostat-calendars-'));
mkdirSync(join(folder, 'calendars'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, lines: readonly string[]): void =>
  writeFileSync(join(folder, 'calendars', name), lines.join('\n') + '\n');
const unknown = (hint?: string): Error => new Error(`unknown; ${hint}`);
const read = (name: string): TradingCalendar => readCalendar(name, join(folder, 'mandate.yaml'), unknown);
const closedIn = ({ closed }: TradingCalendar, year: string): string[] =>
  closed.filter((date) => date.startsWith(year)).map((date) => date.slice(5));
const halfIn = ({ halfDays = [] }: TradingCalendar, year: string): string[] =>
  halfDays.filter(({ date }) => date.startsWith(year)).map(({ date, closes }) => `${date.slice(5)} ${closes}`);

describe('the calendars that are delivered', () => {
  it('of New York have the holidays and early closes that NYSE has published for 2024 to 2026', () => {
    const calendar = read('XNYS');
    expect(closedIn(calendar, '2024')).toEqual(
      '01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25'.split(' '),
    );
    // 9 January 2025 was the day of mourning for a president
    expect(closedIn(calendar, '2025')).toEqual(
      '01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25'.split(' '),
    );
    expect(closedIn(calendar, '2026')).toEqual(
      '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25'.split(' '),
    );
    expect(halfIn(calendar, '2025')).toEqual(['07-03 13:00', '11-28 13:00', '12-24 13:00']);
    expect(closedIn(calendar, '2001')).toEqual(expect.arrayContaining(['09-11', '09-12', '09-13', '09-14']));
    expect(closedIn(calendar, '2012')).toEqual(expect.arrayContaining(['10-29', '10-30']));
  });

  it('of London have the business days that LSE has published for 2025 and 2026', () => {
    const calendar = read('XLON');
    expect(closedIn(calendar, '2025')).toEqual('01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26'.split(' '));
    expect(closedIn(calendar, '2026')).toEqual('01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28'.split(' '));
    expect(halfIn(calendar, '2025')).toEqual(['12-24 12:30', '12-31 12:30']);
  });

  it('of Frankfurt and Tokyo keep the days that are theirs alone', () => {
    expect(closedIn(read('XETR'), '2025')).toEqual('01-01 04-18 04-21 05-01 12-24 12-25 12-26 12-31'.split(' '));
    expect(isOpenDay(read('XTKS'), '2025-01-03')).toBe(false);
    expect(isOpenDay(read('XTKS'), '2025-12-25')).toBe(true);
    expect(isOpenDay(read('XTKS'), '2025-04-29')).toBe(false);
  });
});

describe('a calendar of one’s own', () => {
  it('is read from iCalendar: whole days are closed, days with times end early, repetitions are written out', () => {
    write('desk.ics', [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//desk//EN',
      'BEGIN:VEVENT',
      'UID:1',
      'DTSTART;VALUE=DATE:20240506',
      'RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=1MO;COUNT=3',
      'SUMMARY:Spring',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:2',
      'DTSTART;VALUE=DATE:20241224',
      'DTEND;VALUE=DATE:20241227',
      'SUMMARY:Year-end stop that goes',
      '  over two lines',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:3',
      'DTSTART:20241231T090000',
      'DTEND:20241231T123000',
      'SUMMARY:Half day',
      'END:VEVENT',
      'END:VCALENDAR',
    ]);
    expect(read('desk')).toEqual({
      id: 'desk',
      from: '2024-01-01',
      to: '2026-12-31',
      weekend: ['saturday', 'sunday'],
      closed: ['2024-05-06', '2024-12-24', '2024-12-25', '2024-12-26', '2025-05-05', '2026-05-04'],
      halfDays: [{ date: '2024-12-31', closes: '12:30' }],
    });
  });

  it('is refused when an event repeats for ever, when nothing closes, and when it is something else', () => {
    const event = (...lines: string[]): string[] => [
      ...['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'SUMMARY:Fridays', ...lines, 'END:VEVENT', 'END:VCALENDAR'],
    ];
    write('endless.ics', event('DTSTART;VALUE=DATE:20240105', 'RRULE:FREQ=WEEKLY'));
    expect(() => read('endless')).toThrow(/Fridays repeats for ever/);
    write('empty.ics', event('DTSTART:20240105T090000', 'DTEND:20240105T120000'));
    expect(() => read('empty')).toThrow(/no event lasts a whole day/);
    write('other.ics', ['hello']);
    expect(() => read('other')).toThrow(/is no iCalendar file/);
  });

  it('is refused with line and reason when its file contradicts itself', () => {
    const base = ['from: 2024-01-01', 'to: 2024-12-31', 'closed: [2024-05-01]'];
    write('late.yaml', ['id: late', ...base.slice(0, 2), 'closed: [2025-05-01]']);
    expect(() => read('late')).toThrow(/late.yaml:4: closed.0: 2025-05-01 lies outside 2024-01-01 to 2024-12-31/);
    write('both.yaml', ['id: both', ...base, 'halfDays:', "  - { date: 2024-05-01, closes: '13:00' }"]);
    expect(() => read('both')).toThrow(/both.yaml:6: .*2024-05-01 is among the closed days/);
    write('named.yaml', ['id: othername', ...base]);
    expect(() => read('named')).toThrow(/id: is othername, the file is named named/);
  });

  it('stands before a delivered one of the same name, and one that does not exist is refused with the nearest name', () => {
    write('XNYS.yaml', ['id: XNYS', 'from: 2024-01-01', 'to: 2024-12-31', 'closed: [2024-02-29]']);
    expect(read('XNYS').closed).toEqual(['2024-02-29']);
    rmSync(join(folder, 'calendars', 'XNYS.yaml'));
    expect(() => read('XNYZ')).toThrow('unknown; did you mean XNYS?');
  });
});
