// What every request goes through, outermost first; the order is one list in pipeline.cpp.
//
//   catch-all -> request id, log, meters -> limits -> static -> session -> route -> rule
//   -> body -> form token (POST) -> object (project, file) -> handler -> security headers
#pragma once

#include "web/request.h"
#include "web/response.h"
#include "web/visit.h"

namespace aiguillage::web {

// Never throws. Whatever of the body was not read is the caller's to get rid of.
Response Answer(House& house, const RequestHead& head, BodySource& body);

}  // namespace aiguillage::web
