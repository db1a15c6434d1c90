// A mail of a real project that nobody sends: what a text is seen with before it is in force.
//
//   SampleMail(session, rails, call, project, "selected", visitor.person, now)
//     -> a row as the desk would write it: of that project's last « selected », else of its last
//        mail, else of what its rows say; examples stand where the project says nothing yet
#pragma once

#include <cstdint>
#include <string>

#include "storage/calls.h"
#include "storage/outbox.h"
#include "storage/people.h"
#include "storage/projects.h"
#include "web/rails.h"

namespace aiguillage::web {

storage::OutboxRow SampleMail(storage::Session& session, const Rails& rails,
                              const storage::Call& call, const storage::Project& project,
                              const std::string& message, const storage::Person& reader,
                              std::int64_t now);

}  // namespace aiguillage::web
