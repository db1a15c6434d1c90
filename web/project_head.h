// The head of a project's pages: where it stands, whose turn, since when, by when, what next.
#pragma once

#include <string>
#include <vector>

#include "storage/journal.h"
#include "web/page.h"
#include "web/sight.h"

namespace aiguillage::web {

// Fills number, project_title, collection, call_title, sentence, next, due words, `phases`.
void AddProjectHead(View& view, Visit& visit, storage::Session& session, const Sight& sight,
                    const workflows::Definition& definition,
                    const std::vector<storage::JournalRow>& journal);
// « C’est au chef de file (Anne Martin) d’agir depuis 4 jours ouvrés ; réponse attendue … »
std::string SentenceOf(Visit& visit, storage::Session& session, const Sight& sight,
                       const workflows::Definition& definition);
// What an act of the journal is called: action label, arrival, deadline, taking back.
std::string ActLabel(const workflows::Definition& definition, const storage::JournalRow& row);

}  // namespace aiguillage::web
