/** Dates and times as people write them in Korean, always in Seoul time. */
import S from "./strings.ko.js";

const ZONE = "Asia/Seoul";
const TIME = new Intl.DateTimeFormat("ko-KR", { timeZone: ZONE, hour: "numeric", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("ko-KR", { timeZone: ZONE, month: "long", day: "numeric", weekday: "short" });
const PLAIN_DAY = new Intl.DateTimeFormat("ko-KR", { timeZone: "UTC", month: "long", day: "numeric", weekday: "short" });
const KEY = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });

const tight = (text) => text.replace(" (", "(");

export const clockTime = (iso) => TIME.format(new Date(iso));

/** 2026-11-22 in Seoul, to tell days apart. */
export const dayKey = (iso) => KEY.format(new Date(iso));

/** 오늘, 어제, or 11월 22일(일). */
export function dayName(iso) {
  const key = dayKey(iso);
  const now = Date.now();
  if (key === dayKey(now)) return S.list.today;
  if (key === dayKey(now - 86_400_000)) return S.list.yesterday;
  return tight(DAY.format(new Date(iso)));
}

/** "2026-11-22" → 11월 22일(일); a calendar day has no zone. */
export const calendarDay = (day) => tight(PLAIN_DAY.format(new Date(`${day}T00:00:00Z`)));
