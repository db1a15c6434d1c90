// What a session has prepared, so that a test can ask the database how it would run each of them.
#pragma once

#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

std::vector<std::string> StatementsOf(const Session& session);  // those at rest

}  // namespace aiguillage::storage
