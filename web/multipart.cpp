#include "web/multipart.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

namespace aiguillage::web {

namespace {

constexpr std::size_t kPartHeaderBytesMax = 8 * 1024;

[[noreturn]] void Broken() {
  throw HttpError(400, "L’envoi est incomplet ou mal formé : merci de recommencer.");
}

// Value of `name="…"` in a header value. Browsers write a quote inside as %22.
std::optional<std::string> Parameter(const std::string& header, const std::string& name) {
  const std::string lower = Lower(header);
  for (std::size_t at = lower.find(name + "="); at != std::string::npos;
       at = lower.find(name + "=", at + 1)) {
    if (at > 0 && lower[at - 1] != ' ' && lower[at - 1] != ';' && lower[at - 1] != '\t') continue;
    std::size_t from = at + name.size() + 1;
    if (from < header.size() && header[from] == '"') {
      const std::size_t end = header.find('"', from + 1);
      if (end == std::string::npos) return std::nullopt;
      return header.substr(from + 1, end - from - 1);
    }
    return Trim(std::string_view(header).substr(from, header.find(';', from) - from));
  }
  return std::nullopt;
}

// A temporary file being written; the shared path removes it when the last holder lets go.
class TemporaryFile {
 public:
  TemporaryFile() {
    std::string name = (std::filesystem::temp_directory_path() / "aiguillage-XXXXXX").string();
    descriptor_ = mkostemp(name.data(), O_CLOEXEC);
    if (descriptor_ < 0) throw std::runtime_error("Expected a temporary file, but none opened");
    path_ = std::shared_ptr<const std::string>(new std::string(name), [](const std::string* path) {
      unlink(path->c_str());
      delete path;
    });
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { close(descriptor_); }

  void Write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t done = write(descriptor_, bytes.data(), bytes.size());
      if (done <= 0) throw std::runtime_error("Expected room for an upload, but the disk said no");
      bytes.remove_prefix(static_cast<std::size_t>(done));
    }
  }
  std::shared_ptr<const std::string> path() const { return path_; }

 private:
  int descriptor_ = -1;
  std::shared_ptr<const std::string> path_;
};

// A window over the body: enough of it at once to see a boundary whole.
class Window {
 public:
  explicit Window(BodySource& body) : body_(body) {}

  bool Fill() {
    char chunk[32 * 1024];
    const std::size_t got = body_.Read(chunk, sizeof chunk);
    total_ += got;
    if (total_ > kUploadBytesMax) throw HttpError(413, "L’envoi dépasse la taille permise.");
    held_.append(chunk, got);
    return got > 0;
  }
  std::string& held() { return held_; }
  // Takes everything up to `mark` (consumed too), giving it to `take` piece by piece.
  template <typename Take>
  void Until(const std::string& mark, Take&& take) {
    for (;;) {
      const std::size_t found = held_.find(mark);
      if (found != std::string::npos) {
        take(std::string_view(held_).substr(0, found));
        held_.erase(0, found + mark.size());
        return;
      }
      if (held_.size() >= mark.size()) {
        const std::size_t sure = held_.size() - mark.size() + 1;
        take(std::string_view(held_).substr(0, sure));
        held_.erase(0, sure);
      }
      if (!Fill()) Broken();
    }
  }
  std::string Take(std::size_t size) {
    while (held_.size() < size) {
      if (!Fill()) Broken();
    }
    std::string taken = held_.substr(0, size);
    held_.erase(0, size);
    return taken;
  }

 private:
  BodySource& body_;
  std::string held_;
  std::size_t total_ = 0;
};

struct PartHead {
  std::string name, type;
  std::optional<std::string> file_name;
};

PartHead ReadPartHead(Window& window) {
  PartHead head;
  std::size_t total = 0;
  for (;;) {
    std::string line;
    window.Until("\r\n", [&](std::string_view piece) {
      line += piece;
      if (total + line.size() > kPartHeaderBytesMax) Broken();
    });
    if (line.empty()) break;
    total += line.size();
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || !IsCleanText(line)) Broken();
    const std::string name = Lower(line.substr(0, colon));
    const std::string value = Trim(std::string_view(line).substr(colon + 1));
    if (name == "content-disposition") {
      head.name = Parameter(value, "name").value_or("");
      head.file_name = Parameter(value, "filename");
    } else if (name == "content-type") {
      head.type = value.substr(0, 200);
    }
  }
  if (head.name.empty()) Broken();
  return head;
}

void ReadFilePart(Request& request, Window& window, const PartHead& head, const std::string& mark) {
  Upload upload{head.name, *head.file_name, head.type, nullptr, 0};
  std::optional<TemporaryFile> file;
  window.Until(mark, [&](std::string_view piece) {
    if (piece.empty()) return;
    upload.size += piece.size();
    if (upload.size > kFileBytesMax) throw HttpError(413, "Un fichier dépasse 20 Mo.");
    if (!file) file.emplace();
    file->Write(piece);
  });
  if (upload.name.empty() && upload.size == 0) return;  // a file field left empty
  if (!file) file.emplace();
  upload.path = file->path();
  if (upload.name.size() > 255) upload.name.resize(255);
  if (!IsCleanText(upload.name)) upload.name = "fichier";
  if (request.uploads.size() == kUploadsMax) throw HttpError(413, "Trop de fichiers en une fois.");
  request.uploads.push_back(std::move(upload));
}

void ReadFieldPart(Request& request, Window& window, const PartHead& head,
                   const std::string& mark) {
  std::string value;
  window.Until(mark, [&](std::string_view piece) {
    if (value.size() + piece.size() > kFieldBytesMax) {
      throw HttpError(413,
                      "Un des champs du formulaire est trop long (200 000 caractères au plus).");
    }
    value += piece;
  });
  if (!IsCleanText(value)) Broken();
  if (request.fields.size() == kFieldsMax) throw HttpError(413, "Trop de champs en une fois.");
  request.fields.emplace_back(head.name, std::move(value));
}

}  // namespace

void ReadMultipart(Request& request, BodySource& body, const std::string& content_type) {
  const auto boundary = Parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > 70) Broken();
  const std::string mark = "\r\n--" + *boundary;
  Window window(body);
  window.held() = "\r\n";  // the first boundary may open the body
  window.Until(mark, [](std::string_view) {});
  for (;;) {
    const std::string next = window.Take(2);
    if (next == "--") break;
    if (next != "\r\n") Broken();
    const PartHead head = ReadPartHead(window);
    if (head.file_name) {
      ReadFilePart(request, window, head, mark);
    } else {
      ReadFieldPart(request, window, head, mark);
    }
  }
  while (window.Fill()) window.held().clear();  // the epilogue, so that nothing stays on the wire
}

}  // namespace aiguillage::web
