// multipart/form-data, read as it comes: fields into the request, files into temporary files.
//
//   --B CRLF Content-Disposition: form-data; name="note"; filename="a.pdf" CRLF CRLF bytes CRLF
//   --B--
//
// What ends before its closing boundary is refused: half a form must not count as a form.
#pragma once

#include <string>

#include "web/request.h"

namespace aiguillage::web {

// Throws HttpError 400 (broken, truncated) or 413 (over a limit).
void ReadMultipart(Request& request, BodySource& body, const std::string& content_type);

}  // namespace aiguillage::web
