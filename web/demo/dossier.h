// A planned project as DS would hand it over: the shape of the DossierParts fragment, made from the
// call's own mapping, so that the demo goes in by the same door as real dossiers.
#pragma once

#include <nlohmann/json.hpp>

#include "web/demo/story.h"

namespace aiguillage::web {

// number: the DS number to give it. collections: slug -> label, for the choice list.
nlohmann::json DossierOf(const PlannedProject& project, std::int64_t number,
                         const nlohmann::json& mapping, const nlohmann::json& words,
                         const Chance& chance);

}  // namespace aiguillage::web
