// The dates one may expect: the road the rails lead through, what each step may take and what it
// took for the projects before; and, from all of that, when the training will be online.
//
//   AddExpected(view, visit, session, sight, *definition)
//     fills the list `road` and the sentence `forecast`: « Publication probable entre le 12 mai
//     2027 et le 3 juillet 2027, … »
#pragma once

#include <string>

#include "web/page.h"
#include "web/sight.h"
#include "workflows/forecast.h"

namespace aiguillage::web {

inline constexpr int kStaysMin = 5;  // fewer say nothing of the next one

void AddExpected(View& view, const Visit& visit, storage::Session& session, const Sight& sight,
                 const workflows::Definition& definition);

// `online`: these rails end by putting a training online. "" where there is nothing to say.
std::string ForecastSentence(const workflows::Forecast& forecast, bool online, std::int64_t now);

// « 7 formations en préparation : la moitié devrait paraître avant … », by collection, of the
// selected projects without a slot; never of fewer than five.
void AddInPreparation(View& view, Visit& visit, storage::Session& session);

}  // namespace aiguillage::web
