// Where the rails send each message, as a pilot reads it.
//
//   MailUses(definition->chart)[0]     {"acknowledgement", « à l’entrée : Dossier déposé »,
//                                       to « porteur de projet », copy « instructeur »}
#pragma once

#include <string>
#include <vector>

#include "engine/chart.h"

namespace aiguillage::web {

struct MailUse {
  std::string message, where, to, copy;
};
// In document order, then what is sent of a project whatever its rails.
std::vector<MailUse> MailUses(const engine::Chart& chart);

}  // namespace aiguillage::web
