// What happened to a project, newest first: acts of the journal, versions that DS brought without
// an act, what people completed of the dossier before it could be read.
#pragma once

#include <string>
#include <vector>

#include "storage/journal.h"
#include "web/page.h"
#include "web/sight.h"

namespace aiguillage::web {

// How many lines there are. The list `journal` holds them when they are to be shown; `wanted`:
// those of one kind only, an unknown one hides nothing.
std::size_t AddTimeline(View& view, storage::Session& session, const Sight& sight,
                        const workflows::Definition& definition, const storage::Project& project,
                        const std::vector<storage::JournalRow>& journal, bool shown,
                        const std::string& wanted);

// What a known filter shows, « Automatique »; "" of everything.
std::string TimelineLabel(const std::string& wanted);

}  // namespace aiguillage::web
