// « C'est fait »: the line on top of the page one lands on after an act, with its way back.
#pragma once

#include "storage/journal.h"
#include "web/page.h"
#include "web/visit.h"

namespace aiguillage::web {

// The last act of its project, made by this visitor, still within its grace period. The desk
// decides; this only spares a button that would refuse.
bool CanTakeBack(const Visit& visit, const storage::JournalRow& last);
// Reads ?fait=ACT&projet=NUMBER: fills notice, notice_href, notice_act, notice_number. A stranger's
// act says nothing.
void AddDoneNotice(View& view, Visit& visit, storage::Session& session);

}  // namespace aiguillage::web
