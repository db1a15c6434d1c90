// The calendar of publications for other programs: iCalendar (RFC 5545) and Atom (RFC 4287).
//
//   const auto slots = SlotsOf(session, "2027-05-03");                  planned, online, cancelled
//   ICalendarOf(slots, "https://aap…")                    one all-day event a slot
//   AtomOf(slots, "https://aap…")                         one entry a slot, the newest change first
//
// A slot keeps its identity whatever becomes of it, and counts its changes (SEQUENCE), so that a
// calendar moves the event it has rather than adding one; a slot that will not be is told as
// cancelled, one that moved says from when; never left out in silence.
#pragma once

#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/publication_slots.h"

namespace aiguillage::web {

struct Slot {
  enum Kind { kPlanned, kOnline, kCancelled } kind = kPlanned;
  storage::PublicationSlot told;
  std::string collection;  // label
};

// Of a training that is online already and comes out anew later, the day to come.
std::vector<Slot> SlotsOf(storage::Session& session, const std::string& today);
std::string ICalendarOf(const std::vector<Slot>& slots, const std::string& public_url);
std::string AtomOf(const std::vector<Slot>& slots, const std::string& public_url);

}  // namespace aiguillage::web
