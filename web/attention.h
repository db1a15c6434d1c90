// What needs an act of the pilot: where projects are late, each with the one button that nudges
// everybody they wait for, and what became of it.
//
//   « 5 projets en retard à l’étape « Validation du cadrage », collection Numérique (leur attente
//     médiane à l’étape : 19 jours) : voir la liste [Relancer : chefs de file de collection] »
#pragma once

#include "web/board.h"

namespace aiguillage::web {

void AddAttention(View& view, Visit& visit, storage::Session& session, const Board& board);

Response NudgeCellAct(Visit& visit);  // POST /pilotage/relances

}  // namespace aiguillage::web
